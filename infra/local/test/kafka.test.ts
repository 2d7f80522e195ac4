import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort, servers } from '@flash-deal/testing'
import t, { type Test } from 'tap'
import { findKafka, startKafka } from '../kafka.ts'
import { fetchJars } from '../maven-jars.ts'
import { Supervisor } from '../supervisor.ts'

/** Java runs the broker, and Maven downloads it. */

const programs = (test: Test, files: Record<string, string>): string => {
  const folder = test.testdir({})
  for (const [name, script] of Object.entries(files)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  return folder
}

t.test('without Java Kafka is unavailable, with the reason', async (t) => {
  const found = await findKafka({ PATH: '' }, { tools: t.testdir({}) })
  t.strictSame(found, { reason: 'Java 17 is missing' })
})

t.test('an older Java is rejected with its version', async (t) => {
  const PATH = programs(t, { java: 'echo \'openjdk version "11.0.2"\' >&2' })
  const found = await findKafka({ PATH }, { tools: join(PATH, 'tools') })
  t.match(found, { reason: /^Java 17 or newer is needed, and .*java is 11$/ })
})

t.test('if the jars cannot be downloaded, the message has the reason', async (t) => {
  const where = { tools: t.testdir({}), env: { PATH: '' } }
  await t.rejects(fetchJars('some', { 'a:b:1': 'x' }, where), {
    message: 'some could not be downloaded, because Maven (mvn) is missing',
  })
})

t.test('a jar with another checksum is rejected and not stored', async (t) => {
  // The last argument is -DoutputDirectory=…
  const mvn = 'for last; do :; done; echo forged > "$(echo "$last" | cut -d= -f2)/b-1.jar"'
  const own = programs(t, { mvn })
  const [tools, env] = [join(own, 'tools'), { PATH: `${own}:/bin:/usr/bin` }]
  await t.rejects(fetchJars('some', { 'a:b:1': '0'.repeat(64) }, { tools, env }), {
    message: 'some could not be downloaded, because the checksum of b-1.jar is another one',
  })
  t.strictSame(readdirSync(tools), [])
})

const skip = servers().kafka ? false : 'Java or Maven is not installed'

t.test('a broker starts, and starts again with its data', { skip }, async (t) => {
  const program = servers().kafka
  if (program === undefined) throw new Error('It was skipped.')
  const folder = t.testdir({})
  const [port, controllerPort] = [await freePort(), await freePort()]
  for (const time of ['first', 'second']) {
    const supervisor = new Supervisor()
    const brokers = await startKafka({ supervisor, program, folder, port, controllerPort })
    t.equal(brokers, `127.0.0.1:${port}`, time)
    await supervisor.stopAll()
  }
  t.ok(existsSync(join(folder, 'data/meta.properties')))
})

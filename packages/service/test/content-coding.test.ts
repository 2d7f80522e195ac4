import { type Coding, codingFor } from '@flash-deal/service'
import t from 'tap'

const offered: readonly Coding[] = ['br', 'zstd', 'gzip']

const cases: Record<string, [header: string | undefined, chosen: Coding][]> = {
  'without an accepted coding the response is not encoded': [
    [undefined, 'identity'],
    ['', 'identity'],
    [' , ', 'identity'],
    ['identity', 'identity'],
    ['deflate', 'identity'],
  ],
  'of equal weights the first offered coding is chosen': [
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, zstd', 'zstd'],
    ['gzip;q=0.5, br;q=0.5', 'br'],
    ['*', 'br'],
    ['identity, gzip', 'gzip'],
  ],
  'a greater weight takes precedence': [
    ['br;q=0.5, gzip;q=0.8', 'gzip'],
    ['br;q=0.5, gzip', 'gzip'],
    ['gzip;q=0.5, *;q=0.9', 'br'],
    ['gzip;q=0.9, *;q=0.5', 'gzip'],
    ['gzip;q=0.001', 'gzip'],
    ['gzip;q=0.5, identity', 'identity'],
    ['*;q=0.5, identity', 'identity'],
    ['identity;q=0.5, gzip', 'gzip'],
  ],
  'a coding with the weight 0 is not chosen': [
    ['br;q=0, gzip', 'gzip'],
    ['gzip;q=0', 'identity'],
    ['br;q=0.000, zstd;q=0, *', 'gzip'],
    ['*;q=0', 'identity'],
    ['gzip, *;q=0', 'gzip'],
  ],
  'a client that rejects identity gets another accepted coding, or identity without one': [
    ['identity;q=0, gzip', 'gzip'],
    ['identity;q=0, *', 'br'],
    ['identity;q=0', 'identity'],
    ['identity;q=0, deflate', 'identity'],
  ],
  'names and weights are parsed as leniently as HTTP requires': [
    ['GZip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['deflate , gzip ; Q=1.0', 'gzip'],
  ],
  'an invalid weight counts as 0': [
    ['gzip;q=high', 'identity'],
    ['gzip;q=2', 'identity'],
    ['gzip;q=', 'identity'],
    ['gzip;level=9', 'identity'],
    ['gzip;q=1e3', 'identity'],
  ],
}

for (const [title, each] of Object.entries(cases)) {
  t.test(title, async (t) => {
    for (const [header, chosen] of each) t.equal(codingFor(header, offered), chosen, `${header}`)
  })
}

t.test('only an offered coding is chosen', async (t) => {
  t.equal(codingFor('br, gzip;q=0.1', ['gzip']), 'gzip')
  t.equal(codingFor('br', ['gzip']), 'identity')
})

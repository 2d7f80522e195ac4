import t from 'tap'
import { smokeSystems } from '../smoke-systems.ts'
import { subjects } from '../subjects/index.ts'
import { bySystem, provesOneVariant } from './smoke.ts'

/**
 * Each scenario that can be measured runs, responds correctly, and proves it: one subject and one
 * variant each, always the same.
 */

t.setTimeout(1_200_000)

const systems = smokeSystems(new AbortController().signal)
t.teardown(systems.end)

const first = new Map(subjects.toReversed().map((subject) => [subject.id, subject]))

for (const subject of bySystem([...first.values()])) provesOneVariant(t, systems, subject)

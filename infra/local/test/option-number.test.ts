import t from 'tap'
import { positiveNumber, wholeNumber } from '../option-number.ts'

/** Numbers that a command takes, and what it says about anything else. */

t.test('a whole number within its bounds', async (t) => {
  t.equal(wholeNumber('rounds', '1', 1, 5), 1)
  t.equal(wholeNumber('rounds', '5', 1, 5), 5)
  for (const text of ['0', '6', '-1', '1.5', '1e0', '0x1', ' 1', '', 'many']) {
    t.throws(() => wholeNumber('rounds', text, 1, 5), {
      name: 'PlainError',
      message: `--rounds takes a whole number from 1 to 5, not "${text}".`,
    })
  }
})

t.test('a number above 0', async (t) => {
  t.equal(positiveNumber('core-hour', '0.04'), 0.04)
  for (const text of ['0', '-1', '', 'Infinity', 'much']) {
    t.throws(() => positiveNumber('core-hour', text), {
      name: 'PlainError',
      message: `--core-hour takes a number above 0, not "${text}".`,
    })
  }
})

import t from 'tap'
import { goOrder, hasGo } from '../go-process.ts'
import { useOrder } from '../order-and-product.ts'

/** Runs a file of the tests of order on the service in Go; CI counts a skip as a failure. */
export const onGo = async (file: string): Promise<void> => {
  if (!hasGo) {
    t.test('order in Go', { skip: 'Go is not installed.' }, async () => {})
    return
  }
  useOrder(goOrder)
  await import(`../${file}`)
}

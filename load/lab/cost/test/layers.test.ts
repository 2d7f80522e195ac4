import t from 'tap'
import { appWithLayers, layers } from '../layers.ts'

t.test('every layer of the waterfall serves the bare route', async (t) => {
  for (const [place, { name }] of layers.entries()) {
    const app = await appWithLayers(place)
    const response = await app.inject('/bare')
    t.equal(response.statusCode, 200, name)
    t.equal(response.body.length, 300)
    await app.close()
  }
})

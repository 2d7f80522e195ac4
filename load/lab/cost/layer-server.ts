import { getHeapStatistics } from 'node:v8'
import { appWithLayers } from './layers.ts'

/**
 * One process of the waterfall: `node layer-server.ts <port> <place of the last layer>`. For each
 * message it reports how many bytes its heap has allocated since the start.
 */

const [, , port, upTo] = process.argv
const app = await appWithLayers(Number(upTo))
await app.listen({ host: '127.0.0.1', port: Number(port) })
process.on('message', () => process.send?.(getHeapStatistics().total_allocated_bytes))
process.on('disconnect', () => process.exit(0))
process.send?.('listening')

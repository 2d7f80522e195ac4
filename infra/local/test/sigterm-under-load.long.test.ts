import t from 'tap'
import { startStack } from '../stack.ts'
import { rollingSettings, serviceRolls } from './rolling.ts'
import { openShop } from './shop.ts'

const stack = await startStack({ settings: rollingSettings })
t.teardown(() => stack.end())
const shop = await openShop(stack)

serviceRolls(t, shop, 'auth')
serviceRolls(t, shop, 'product')

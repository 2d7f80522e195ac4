import t from 'tap'
import { openSale, serviceRolls } from './rolling.ts'

const sale = await openSale(t)
serviceRolls(t, sale, 'auth')
serviceRolls(t, sale, 'product')

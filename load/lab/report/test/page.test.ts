import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { arms, header, memory } from '../../verdict/test/simulate.ts'
import { htmlReport } from '../html-report.ts'
import { findChromium, openPage } from './browser.ts'
import { inFirstBlock, runOf } from './runs.ts'

/** The page as a browser shows it: wide and narrow, light and dark. */

const found = await findChromium()
const program = found.how === 'environment' ? found.value : 'program' in found && found.program
const skip = !program && `Chromium is missing: set CHROMIUM_BIN or install it (${found.how})`

/** Texts of charts that stick out of them, and charts without a size. */
const faults = `[...document.querySelectorAll('svg')].filter((svg) => svg.checkVisibility()).flatMap((svg) => {
  const box = svg.getBoundingClientRect()
  const name = svg.querySelector('title').textContent
  const cut = [...svg.querySelectorAll('text')].filter((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect()
    return left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1
  })
  return [
    ...(box.width > 300 && box.height > 100 ? [] : [name + ' has no size']),
    ...cut.map((text) => name + ' cuts off ' + text.textContent),
  ]
})`

const verdicts = `[...document.querySelectorAll('table')].find((table) => /^Verdicts/.test(table.caption.textContent))`

/** The columns of the verdicts that are not completely visible without scrolling. */
const cutColumns = `(() => {
  const table = ${verdicts}
  const { right } = table.closest('.scroll').getBoundingClientRect()
  return [...table.rows[0].cells].filter((cell) => cell.getBoundingClientRect().right > right + 1)
    .map((cell) => cell.textContent)
})()`

/** On a telephone, of those that say the most: the arm, its verdict and the ratio. */
const lateColumns = `(() => {
  const table = ${verdicts}
  const { right } = table.closest('.scroll').getBoundingClientRect()
  return [...table.rows[0].cells].slice(0, 3)
    .filter((cell) => cell.getBoundingClientRect().right > right + 1)
    .map((cell) => cell.textContent)
})()`

/** Charts of rows whose line of figures has less than half of the width of the page. */
const thinPlots = `[...document.querySelectorAll('.on-page svg')].filter((svg) => svg.checkVisibility())
  .filter((svg) => svg.getBoundingClientRect().width < 0.75 * document.body.clientWidth)
  .map((svg) => svg.querySelector('title').textContent)`

/** Texts with less contrast than WCAG 2 asks for at level AA. */
const pale = `(() => {
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const behind = (element) => {
    const colour = getComputedStyle(element).backgroundColor
    return colour === 'rgba(0, 0, 0, 0)' ? behind(element.parentElement) : colour
  }
  return [...document.querySelectorAll('p, li, h1, h2, h3, th, td, caption, summary, svg text')]
    .filter((element) => {
      const style = getComputedStyle(element)
      const colour = element.closest('svg') ? style.fill : style.color
      const [one, other] = [luminance(colour), luminance(behind(element))]
      return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < 4.5
    })
    .map((element) => element.textContent)
})()`

t.test('in a browser', { skip }, async (t) => {
  const run = runOf({
    header: header({ arms: [...arms, { ...memory, name: 'a variant with a long name' }] }),
    change: (slice) => ({
      ...(slice.arm.startsWith('a variant') && { health: { E2: 'memory' } }),
      ...inFirstBlock({ foreignCpu: 0.3 })(slice),
    }),
  })
  const folder = t.testdir({ 'report.html': htmlReport([run], { incomplete: 'It is a test.' }) })
  const url = pathToFileURL(join(folder, 'report.html')).href
  const page = await openPage(program || '')
  t.teardown(() => page.end())

  for (const width of [1280, 390]) {
    for (const scheme of ['light', 'dark']) {
      t.test(`at ${width} pixels in the ${scheme} scheme, everything is readable`, async (t) => {
        const metrics = { width, height: 800, deviceScaleFactor: 1, mobile: width < 500 }
        const features = [{ name: 'prefers-color-scheme', value: scheme }]
        await page.send('Emulation.setDeviceMetricsOverride', metrics)
        await page.send('Emulation.setEmulatedMedia', { features })
        await page.open(url)
        const shown = '[...document.querySelectorAll("svg")].filter((svg) => svg.checkVisibility())'
        t.equal(await page.evaluate(`${shown}.length`), 6)
        t.same(await page.evaluate(faults), [])
        t.same(await page.evaluate(pale), [])
        const overflow =
          'document.documentElement.scrollWidth - document.documentElement.clientWidth'
        t.equal(await page.evaluate(overflow), 0)
        t.same(await page.evaluate(width === 1280 ? cutColumns : lateColumns), [])
        t.same(await page.evaluate(thinPlots), [])
        const dark = 'getComputedStyle(document.body).backgroundColor === "rgb(20, 23, 27)"'
        t.equal(await page.evaluate(dark), scheme === 'dark')
      })
    }
  }

  t.test('the page loads without errors and without further requests', async (t) => {
    const said = ['Log.entryAdded', 'Runtime.consoleAPICalled', 'Runtime.exceptionThrown']
    t.same(said.flatMap(page.events), [])
    const requested = page.events('Network.requestWillBeSent').map(({ documentURL }) => documentURL)
    t.same([...new Set(requested)], [url])
    t.equal(requested.length, 4)
  })
})

/** The path of a request target, without the query. */
export const pathOf = (url: string): string => {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

/**
 * Matches the paths of a path template of a contract, such as `/orders/{order_id}`. A method may stand
 * before both.
 */
export const pathPattern = (template: string): RegExp =>
  new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`)

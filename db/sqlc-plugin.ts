#!/usr/bin/env node
import { text } from 'node:stream/consumers'
import { refusalsOf } from './sqlc-plugin/refusals.ts'
import { renderFile } from './sqlc-plugin/render.ts'
import { type GenerateRequest, parseRequest } from './sqlc-plugin/request.ts'

/** sqlc runs it once per service: the analysed queries on stdin, the generated file on stdout. */
const main = async (): Promise<void> => {
  const request = parseRequest(JSON.parse(await text(process.stdin)))
  const refusals = request.queries.flatMap((query) => refusalsOf(query, request))
  if (refusals.length === 0) return console.log(responseOf(request))
  // sqlc prints this after its own heading, hence the first line break.
  console.error(['', ...refusals].join('\n'))
  process.exitCode = 1
}

const responseOf = (request: GenerateRequest): string => {
  const contents = Buffer.from(renderFile(request)).toString('base64')
  return JSON.stringify({ files: [{ name: 'queries.ts', contents }] })
}

await main()

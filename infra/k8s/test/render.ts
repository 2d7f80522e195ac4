import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { environment, readSettings } from '@flash-deal/config'
import { findTool } from '@flash-deal/local/find-tool'
import { buildGoTool, type GoTool } from '@flash-deal/local/go-tool'
import { stateFolder } from '@flash-deal/local/paths'
import { parseAllDocuments } from 'yaml'
import type { Resource } from './resources.ts'

/** The objects of an overlay, built by kustomize. */

const tool: GoTool = {
  name: 'kustomize',
  module: 'sigs.k8s.io/kustomize/kustomize/v5',
  version: 'v5.8.1',
}

export const tools = join(stateFolder(readSettings('local')), 'tools')

/** kustomize on PATH, else built with Go. */
export const findKustomize = () => {
  const fetch = () => buildGoTool(tool, { tools, env: environment() })
  const wanted = { path: ['kustomize'], package: { name: tool.name, fetch } }
  return findTool(wanted, environment())
}

export const overlays = ['local', 'production'] as const

export type Overlay = (typeof overlays)[number]

export const folderOf = (overlay: Overlay): string =>
  join(import.meta.dirname, '../overlays', overlay)

export const render = async (kustomize: string, folder: string): Promise<string> => {
  const { stdout } = await promisify(execFile)(kustomize, ['build', folder])
  return stdout
}

export const resourcesIn = (text: string): Resource[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Resource)

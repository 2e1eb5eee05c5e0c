import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Boundary } from '@weiwang/domain/areas/api'
import type { BoundariesAnswer, GetBoundaries } from '@weiwang/domain/areas/api'
import { parentOf } from '@weiwang/domain/areas/code'
import { say } from '@weiwang/domain/core/say'
import { z } from 'zod'
import { permit } from '../core/ctx.ts'
import type { Ctx } from '../core/ctx.ts'

/** What any source of outlines must give: features by area code, and which datum their coordinates are in. */
export const BoundaryFile = z.object({
  source: z.string(),
  datum: z.enum(['GCJ-02', 'WGS84']),
  features: z.array(Boundary),
})
export type BoundaryFile = z.infer<typeof BoundaryFile>

export type BoundarySource = () => BoundaryFile | null

/** The file that the build makes; a deployment with surveyed outlines puts its own file of the same form there. */
function generatedFile(): string {
  const here = path.dirname(fileURLToPath(import.meta.url))
  const candidates = [path.join(here, 'generated'), path.join(here, '..', '..', 'areas', 'generated')]
  return path.join(candidates.find((dir) => existsSync(dir)) ?? here, 'boundaries.json')
}

export function fromFile(file: string): BoundarySource {
  let read: BoundaryFile | null | undefined
  return () => {
    if (read === undefined) read = existsSync(file) ? BoundaryFile.parse(JSON.parse(readFileSync(file, 'utf8'))) : null
    return read
  }
}

let source: BoundarySource = () => {
  source = fromFile(generatedFile())
  return source()
}

/** Another source, for a deployment's own outlines or a test. */
export function useBoundaries(other: BoundarySource): void {
  source = other
}

/** AREA-11: outlines directly below a code, or its own. Absent data are an empty answer that says so. */
export async function boundariesOf(ctx: Ctx, args: GetBoundaries): Promise<BoundariesAnswer> {
  permit(ctx, 'read', { kind: 'area', area: ctx.actor.area })
  const file = source()
  if (file === null) {
    const note = say('示意图：没有安装边界数据', 'Schematic: no outlines are installed')
    return { type: 'FeatureCollection', features: [], datum: null, note, source: null }
  }
  const features = file.features.filter((f) =>
    args.self === 'true' ? f.id === args.code : parentOf(f.id) === args.code,
  )
  return {
    type: 'FeatureCollection',
    features,
    datum: file.datum,
    note: say('示意图', 'schematic'),
    source: file.source,
  }
}

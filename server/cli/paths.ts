import path from 'node:path'

/** A path as a person types it from here: relative below the folder that the program was started in, absolute elsewhere. */
export function pathToType(target: string, from: string = process.cwd()): string {
  const relative = path.relative(from, target)
  const outside = relative === '' || relative.split(path.sep)[0] === '..' || path.isAbsolute(relative)
  return outside ? path.resolve(from, target) : relative
}

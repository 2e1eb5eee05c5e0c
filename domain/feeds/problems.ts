import { defineProblem } from '../core/problem.ts'
import { say } from '../core/say.ts'

/** What can go wrong with a whole file, a source or a batch; faults of single rows are in row.ts, date.ts and place.ts. */
export const fileEncoding = defineProblem<{ row: number; byte: number }>({
  code: 'FILE_ENCODING',
  kind: 'invalid',
  rule: 'FEED-5',
  message: ({ row, byte }) =>
    say(
      `文件编码无法识别：第 ${row} 行（第 ${byte} 字节）不是 UTF-8、UTF-16 或 GB18030`,
      `The file is neither UTF-8, UTF-16 nor GB18030: line ${row}, byte ${byte}`,
    ),
  remedy: () =>
    say('请另存为“CSV UTF-8（逗号分隔）”后重新上传', 'Save it as "CSV UTF-8 (comma delimited)" and send it again'),
})

export const fileBroken = defineProblem<{ why: string; row: number }>({
  code: 'FILE_BROKEN',
  kind: 'invalid',
  rule: 'FEED-5',
  message: ({ why, row }) =>
    say(`文件无法读取（第 ${row} 行附近）：${why}`, `The file cannot be read (near line ${row}): ${why}`),
  remedy: () => say('请在原程序中打开并重新导出', 'Open it in the program it came from and export it again'),
})

export const fileType = defineProblem<{ name: string }>({
  code: 'FILE_TYPE',
  kind: 'invalid',
  rule: 'FEED-5',
  message: ({ name }) => say(`不支持的文件类型：${name}`, `This kind of file is not read: ${name}`),
  remedy: () =>
    say('请另存为 CSV 或 .xlsx 后上传（旧版 .xls 须另存）', 'Save it as CSV or .xlsx (an old .xls must be saved anew)'),
})

export const fileTooBig = defineProblem<{
  what: 'bytes' | 'unpacked' | 'rows' | 'cell' | 'columns' | 'parts'
  limit: number
}>({
  code: 'FILE_TOO_BIG',
  kind: 'limit',
  rule: 'FEED-16',
  message: ({ what, limit }) => {
    const zh = {
      bytes: '文件大小（字节）',
      unpacked: '解压后大小（字节）',
      rows: '行数',
      cell: '单元格或单行长度（字符）',
      columns: '列数',
      parts: '压缩包内文件数',
    }[what]
    const en = {
      bytes: 'size in bytes',
      unpacked: 'unpacked size in bytes',
      rows: 'number of rows',
      cell: 'length of a cell or line in characters',
      columns: 'number of columns',
      parts: 'number of parts in the archive',
    }[what]
    return say(`${zh}超过上限 ${limit}`, `The ${en} is over the limit of ${limit}`)
  },
  remedy: () => say('请拆成几个文件分别上传；较大的表请用 CSV', 'Split it into several files; use CSV for long tables'),
})

export const columnRefused = defineProblem<{ columns: string[]; what: string; whatEn: string }>({
  code: 'COLUMN_REFUSED',
  kind: 'refused',
  rule: 'FEED-4',
  message: ({ columns, what, whatEn }) =>
    say(`本系统不接收${what}：${columns.join('、')}`, `${whatEn} are not accepted: ${columns.join(', ')}`),
  remedy: () =>
    say(
      '请删去这些列后重新上传；只需到县、到日',
      'Delete these columns and send the file again; county and day are enough',
    ),
})

export const headerMissing = defineProblem<{
  missing: string[]
  missingEn: string[]
  found: string[]
  separator: string | null
}>({
  code: 'HEADER_MISSING',
  kind: 'invalid',
  rule: 'FEED-6',
  message: ({ missing, missingEn, found, separator }) => {
    const sep = separator === null ? '' : `（分隔符读作“${separator === '\t' ? 'Tab' : separator}”）`
    const sepEn = separator === null ? '' : ` (read with "${separator === '\t' ? 'Tab' : separator}" as separator)`
    return missing.length === 0
      ? say(`前 20 行里没有找到表头${sep}`, `No header was found in the first 20 rows${sepEn}`)
      : say(
          `表头缺少：${missing.join('、')}；读到的列：${found.join('、')}${sep}`,
          `The header lacks ${missingEn.join(', ')}; columns read: ${found.join(', ')}${sepEn}`,
        )
  },
  remedy: () => say('请加上表头，或在数据源设置中登记这些列名', 'Add the header, or add its spellings to the source'),
})

export const nothingRead = defineProblem<{ rows: number; first: string; firstEn: string }>({
  code: 'NOTHING_READ',
  kind: 'invalid',
  rule: 'FEED-6',
  message: ({ rows, first, firstEn }) =>
    rows === 0
      ? say('表头下面没有数据行，0 行导入', 'There are no rows below the header: 0 of 0 rows imported')
      : say(`${rows} 行中导入 0 行。第一处原因：${first}`, `0 of ${rows} rows imported. The first reason: ${firstEn}`),
  remedy: ({ rows }) =>
    rows === 0
      ? say('请检查是否选错了文件或工作表', 'Check whether this is the right file and sheet')
      : say(
          '请下载退回明细，改正后重新上传',
          'Download the list of rejected rows, correct them and send the file again',
        ),
})

export const feedNotOpen = defineProblem<{ feed: string; state: string }>({
  code: 'FEED_NOT_OPEN',
  kind: 'refused',
  rule: 'FEED-21',
  message: ({ state }) =>
    state === 'draft'
      ? say('数据源尚未启用', 'The source is not open yet')
      : say('数据源已停用', 'The source is closed'),
  remedy: () => say('请在数据源页面启用后再报送', 'Open it on the page of sources first'),
})

export const feedExists = defineProblem<{ id: string }>({
  code: 'FEED_EXISTS',
  kind: 'conflict',
  rule: 'FEED-21',
  message: ({ id }) => say(`已有编号为 ${id} 的数据源`, `There is a source with the id ${id} already`),
  remedy: () => say('请换一个编号，或修改已有的数据源', 'Choose another id, or change the existing source'),
})

export const feedMapping = defineProblem<{ why: string; whyEn: string }>({
  code: 'FEED_MAPPING',
  kind: 'invalid',
  rule: 'FEED-7',
  message: ({ why, whyEn }) => say(`列映射有误：${why}`, `The mapping is not valid: ${whyEn}`),
  remedy: () => say('请改正后保存', 'Correct it and save again'),
})

export const sourceKey = defineProblem<Record<string, never>>({
  code: 'SOURCE_KEY',
  kind: 'unauthenticated',
  rule: 'FEED-21',
  message: () => say('数据源密钥缺少、有误或已停用', 'The key of the source is missing, wrong or revoked'),
  remedy: () => say('请向数据源管理员索取新的密钥', 'Ask the administrator of the source for a new key'),
})

export const redState = defineProblem<{ red: string }>({
  code: 'FEED_RED_STATE',
  kind: 'conflict',
  rule: 'FEED-20',
  message: () => say('红色依据资格的状态已改变', 'The right to give red is in another state'),
  remedy: () => say('请刷新后再操作', 'Reload the page'),
})

export const redInsider = defineProblem<Record<string, never>>({
  code: 'FEED_RED_INSIDER',
  kind: 'refused',
  rule: 'FEED-20',
  message: () =>
    say(
      '红色依据资格须由本网格中心以外的人批准',
      'The right to give red is approved by somebody outside the centre that runs the source',
    ),
  remedy: () => say('请上级网格中心或审计员批准', 'Ask the centre above or an auditor'),
})

export const batchState = defineProblem<{ state: string }>({
  code: 'BATCH_STATE',
  kind: 'conflict',
  rule: 'FEED-19',
  message: ({ state }) =>
    ({
      received: say('批次尚未载入完毕', 'The batch is not loaded yet'),
      loading: say('批次正在载入', 'The batch is being loaded'),
      withdrawing: say('批次正在撤回', 'The batch is being withdrawn'),
      withdrawn: say('批次已经撤回', 'The batch has been withdrawn'),
    })[state] ?? say('批次的状态不允许此操作', 'The state of the batch does not allow this'),
  remedy: () => say('请刷新后再操作', 'Reload the page'),
})

export const fileGone = defineProblem<Record<string, never>>({
  code: 'BATCH_FILE_GONE',
  kind: 'conflict',
  rule: 'FEED-24',
  message: () => say('原文件已不在，无法继续载入', 'The file is no longer there, so loading cannot go on'),
  remedy: () =>
    say(
      '请重新上传同一文件；已载入的行会记为未变',
      'Send the same file again; rows that are in will count as unchanged',
    ),
})

export const fileMissing = defineProblem<Record<string, never>>({
  code: 'FILE_MISSING',
  kind: 'invalid',
  rule: 'FEED-5',
  message: () => say('没有收到文件', 'No file came with the request'),
  remedy: () => say('请选择一个 CSV 或 .xlsx 文件', 'Choose a CSV or .xlsx file'),
})

export const riskSpan = defineProblem<{ from: string; to: string }>({
  code: 'RISK_SPAN',
  kind: 'invalid',
  rule: 'FEED-36',
  message: ({ from, to }) =>
    say(`最后一天 ${to} 早于第一天 ${from}`, `The last day ${to} is before the first, ${from}`),
  remedy: () => say('请核对日期', 'Check the days'),
})

export const riskUnknownArea = defineProblem<{ area: string }>({
  code: 'RISK_AREA_UNKNOWN',
  kind: 'invalid',
  rule: 'FEED-35',
  message: ({ area }) => say(`没有代码为 ${area} 的辖区`, `There is no area with the code ${area}`),
  remedy: () => say('请核对区划代码', 'Check the code'),
})

export const riskDerived = defineProblem<Record<string, never>>({
  code: 'RISK_DERIVED',
  kind: 'refused',
  rule: 'FEED-36',
  message: () => say('由病例数推算的风险等级不能手工修改', 'A level derived from counts is not changed by hand'),
  remedy: () =>
    say(
      '请另行登记一条，或改正病例数后重新导入',
      'Add one by hand beside it, or correct the counts and import them again',
    ),
})

import { closeSync, openSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'

/**
 * A workbook of one sheet, written row by row with flat memory. Parts are stored, not deflated, and dated 1980-01-01: the
 * same rows give the same bytes under every version of Node (EX-1), which a deflating library does not promise.
 */
export type SheetCell = string | number

type Part = { name: string; crc: number; size: number; offset: number }

const DOS_DAY = 0x21
const FLAG_DESCRIPTOR_UTF8 = 0x0808
const CHUNK = 64 * 1024

const TYPES = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`
const RELS = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`
const BOOK = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`
const BOOK_RELS = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`
/** Style 1 is a day. */
const STYLES = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`
const SHEET_OPEN = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
const SHEET_CLOSE = `</sheetData></worksheet>`

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function column(i: number): string {
  return i < 26 ? String.fromCharCode(65 + i) : column(Math.floor(i / 26) - 1) + column(i % 26)
}

export class WorkbookWriter {
  private readonly fd: number
  private at = 0
  private readonly parts: Part[] = []
  private pending: string[] = []
  private pendingSize = 0
  private rows = 0

  constructor(path: string) {
    this.fd = openSync(path, 'w')
    for (const [name, text] of [
      ['[Content_Types].xml', TYPES],
      ['_rels/.rels', RELS],
      ['xl/workbook.xml', BOOK],
      ['xl/_rels/workbook.xml.rels', BOOK_RELS],
      ['xl/styles.xml', STYLES],
    ] as const) {
      this.begin(name)
      this.body(text)
      this.end()
    }
    this.begin('xl/worksheets/sheet1.xml')
    this.body(SHEET_OPEN)
  }

  row(cells: readonly SheetCell[]): void {
    this.rows++
    let xml = `<row r="${this.rows}">`
    cells.forEach((cell, i) => {
      if (cell === '') return
      const ref = `${column(i)}${this.rows}`
      if (typeof cell === 'string')
        xml += `<c r="${ref}" t="inlineStr"><is><t xml:space="preserve">${escape(cell)}</t></is></c>`
      // A serial day is formatted as one in every other row: offices mix both.
      else xml += `<c r="${ref}"${cell < 100_000 && this.rows % 2 === 0 && i > 0 ? ' s="1"' : ''}><v>${cell}</v></c>`
    })
    this.pending.push(`${xml}</row>`)
    this.pendingSize += xml.length
    if (this.pendingSize > CHUNK) this.flush()
  }

  close(): void {
    this.flush()
    this.body(SHEET_CLOSE)
    this.end()
    this.directory()
    closeSync(this.fd)
  }

  private flush(): void {
    if (this.pending.length === 0) return
    this.body(this.pending.join(''))
    this.pending = []
    this.pendingSize = 0
  }

  private write(bytes: Buffer): void {
    writeSync(this.fd, bytes)
    this.at += bytes.length
  }

  private begin(name: string): void {
    this.parts.push({ name, crc: 0, size: 0, offset: this.at })
    const file = Buffer.from(name)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(20, 4)
    head.writeUInt16LE(FLAG_DESCRIPTOR_UTF8, 6)
    head.writeUInt16LE(DOS_DAY, 12)
    head.writeUInt16LE(file.length, 26)
    this.write(Buffer.concat([head, file]))
  }

  private body(text: string): void {
    const part = this.parts.at(-1)
    if (!part) return
    const bytes = Buffer.from(text)
    part.crc = crc32(bytes, part.crc)
    part.size += bytes.length
    this.write(bytes)
  }

  private end(): void {
    const part = this.parts.at(-1)
    if (!part) return
    const tail = Buffer.alloc(16)
    tail.writeUInt32LE(0x08074b50, 0)
    tail.writeUInt32LE(part.crc, 4)
    tail.writeUInt32LE(part.size, 8)
    tail.writeUInt32LE(part.size, 12)
    this.write(tail)
  }

  private directory(): void {
    const start = this.at
    for (const part of this.parts) {
      const file = Buffer.from(part.name)
      const head = Buffer.alloc(46)
      head.writeUInt32LE(0x02014b50, 0)
      head.writeUInt16LE(20, 4)
      head.writeUInt16LE(20, 6)
      head.writeUInt16LE(FLAG_DESCRIPTOR_UTF8, 8)
      head.writeUInt16LE(DOS_DAY, 14)
      head.writeUInt32LE(part.crc, 16)
      head.writeUInt32LE(part.size, 20)
      head.writeUInt32LE(part.size, 24)
      head.writeUInt16LE(file.length, 28)
      head.writeUInt32LE(part.offset, 42)
      this.write(Buffer.concat([head, file]))
    }
    const end = Buffer.alloc(22)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(this.parts.length, 8)
    end.writeUInt16LE(this.parts.length, 10)
    end.writeUInt32LE(this.at - start, 12)
    end.writeUInt32LE(start, 16)
    this.write(end)
  }
}

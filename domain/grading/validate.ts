import type { z } from 'zod'
import type { Say } from '../core/say.ts'
import { say } from '../core/say.ts'
import { RISK_LEVELS } from '../feeds/api.ts'
import { SYMPTOMS } from '../feeds/fact.ts'
import type { Fault, Validation } from './api.ts'
import { isState } from './plan.ts'
import { ruleSentence } from './readable.ts'
import type { AreaName } from './readable.ts'
import type { Atom, Criterion, Rule } from './rule-set.ts'
import { MAX_DAYS, MAX_RULES, RuleSetDocument } from './rule-set.ts'

/** GRADE-15: what a rule set must be before it is kept, each fault with its place and what to do. */
type Note = (path: string, message: Say, remedy: Say, level?: Fault['level']) => void

type Where = { path: string; negated: boolean; mates: boolean; inAll: boolean }

/** A criterion that finds facts by itself; `not` only takes away. */
function positive(criterion: Criterion): boolean {
  if (criterion.kind === 'not') return false
  if (criterion.kind === 'all') return criterion.of.some(positive)
  if (criterion.kind === 'any') return criterion.of.length > 0 && criterion.of.every(positive)
  return true
}

function checkGroup(criterion: Criterion & { kind: 'all' | 'any' }, at: Where, note: Note): void {
  const { path } = at
  if (criterion.of.length === 0) {
    note(
      `${path}.of`,
      say('条件为空', 'The group of criteria is empty'),
      say('请至少写一个条件，或删除此项', 'Write at least one criterion, or remove the group'),
    )
  }
  criterion.of.forEach((child, i) => {
    const inAll = criterion.kind === 'all' && criterion.of.some(positive)
    checkCriterion(child, { ...at, path: `${path}.of.${i}`, inAll }, note)
  })
}

function checkCriterion(criterion: Criterion, at: Where, note: Note): void {
  const { path } = at
  switch (criterion.kind) {
    case 'all':
    case 'any':
      return checkGroup(criterion, at, note)
    case 'not':
      if (at.negated) {
        note(
          path,
          say('“并非”不能套用“并非”', '“not” may not stand inside “not”'),
          say('请去掉两层“并非”', 'Remove both'),
        )
      }
      if (!at.inAll) {
        note(
          path,
          say(
            '“并非”须与至少一个肯定条件同列于“且”中',
            '“not” must stand in an “all” beside a criterion that finds facts',
          ),
          say('规则须依据事实；“没有线索”的人不由规则判定', 'A rule rests on facts: nobody is graded for having none'),
        )
      }
      return checkCriterion(criterion.of, { ...at, path: `${path}.of`, negated: true, inAll: true }, note)
    case 'lives_with':
      if (at.mates) {
        note(
          path,
          say('“同住”不能套用“同住”', '“lives with” may not stand inside “lives with”'),
          say(
            '只看同住一层，请改写内层条件',
            'Only one step of living together is supported: rewrite the inner criterion',
          ),
        )
      }
      if (!positive(criterion.who)) {
        note(
          `${path}.who`,
          say('同住人的条件须依据事实', 'The criterion about the other person must rest on facts'),
          say('请加一个肯定条件', 'Add a criterion that finds facts'),
        )
      }
      return checkCriterion(criterion.who, { path: `${path}.who`, negated: false, mates: true, inAll: false }, note)
    default:
      return checkAtom(criterion, at, note)
  }
}

function checkAtom(atom: Atom, { path }: Where, note: Note): void {
  if (atom.kind === 'stay') {
    if (!atom.levels && !atom.where) {
      note(
        path,
        say('停留条件没有说明地区', 'The stay names no risk level and no area'),
        say('请选风险等级，或列出重点地区', 'Choose a risk level, or list key areas'),
      )
    }
    if (atom.match === 'county' && !atom.levels) {
      note(
        `${path}.levels`,
        say('“同县区”须写明风险等级', '“Elsewhere in the county” needs a risk level'),
        say('请选风险等级', 'Choose a risk level'),
      )
    }
    if (atom.judged === 'run_day' && !atom.levels) {
      note(
        `${path}.judged`,
        say('重点地区清单没有等级可判', 'A list of key areas has no level to judge'),
        say('请删除此项', 'Remove it'),
      )
    }
  }
  if (atom.kind === 'symptom') {
    for (const [i, code] of (atom.codes ?? []).entries()) {
      if (SYMPTOMS.some((s) => s === code)) continue
      note(
        `${path}.codes.${i}`,
        say(`没有这种症状：${code}`, `There is no such symptom: ${code}`),
        say(`可用：${SYMPTOMS.join('、')}`, `Use one of ${SYMPTOMS.join(', ')}`),
      )
    }
  }
}

function nearbyIn(criterion: Criterion): boolean {
  if (criterion.kind === 'all' || criterion.kind === 'any') return criterion.of.some(nearbyIn)
  if (criterion.kind === 'lives_with') return nearbyIn(criterion.who)
  return criterion.kind === 'stay' && criterion.match === 'county'
}

function hasState(criterion: Criterion): boolean {
  if (criterion.kind === 'all' || criterion.kind === 'any') return criterion.of.some(hasState)
  if (criterion.kind === 'lives_with') return hasState(criterion.who)
  return criterion.kind !== 'not' && isState(criterion)
}

/** The longest window of the events in it; undefined when none. */
function longest(criterion: Criterion): number | undefined {
  if (criterion.kind === 'all' || criterion.kind === 'any') {
    const found = criterion.of.map(longest).filter((n) => n !== undefined)
    return found.length === 0 ? undefined : Math.max(...found)
  }
  if (criterion.kind === 'lives_with') return longest(criterion.who)
  return criterion.kind === 'not' || isState(criterion) ? undefined : criterion.withinDays
}

function checkRule(rule: Rule, path: string, note: Note): void {
  checkCriterion(rule.when, { path: `${path}.when`, negated: false, mates: false, inAll: false }, note)
  const { grade, colour } = rule.gives
  if (!grade && !colour) {
    note(
      `${path}.gives`,
      say('规则没有给出等级或码色', 'The rule gives neither a grade nor a colour'),
      say('请选等级、码色，或删除此规则', 'Choose a grade or a colour, or remove the rule'),
    )
  }
  if ((grade === 'red' || colour === 'red') && nearbyIn(rule.when)) {
    note(
      `${path}.gives`,
      say(
        '同县区另有风险地区只能提示核查，不能判红',
        'A risk area elsewhere in the county is a hint to check and never gives red',
      ),
      say('请改为黄或蓝', 'Give yellow or blue'),
    )
  }
  if (rule.lasts.from === 'entry' && hasState(rule.when)) {
    note(
      `${path}.lasts.from`,
      say('检测、病例、措施、发热门诊没有“进入之日”', 'A test, case, measure or clinic has no day of entry'),
      say('请改为自最后暴露日或自解除起算', 'Count from the fact or from the release'),
    )
  }
  const window = longest(rule.when)
  if (rule.lasts.from === 'fact' && window !== undefined && window < rule.lasts.days) {
    note(
      `${path}.lasts.days`,
      say(
        `条件只看近 ${window} 天，结果第 ${window} 天就止`,
        `The criterion looks back ${window} days, so the result ends on day ${window}`,
      ),
      say('如需更长，请加大条件的天数', 'Widen the criterion if it should last longer'),
      'hint',
    )
  }
}

const REMEDY_FIELD = say('请按文件格式改正此处', 'Correct this field as the format asks')

function shapeFault(issue: z.core.$ZodIssue): Fault {
  const path = issue.path.join('.')
  const last = issue.path.at(-1)
  const within = issue.path.some((key) => key === 'levels')
  const isDays = last === 'withinDays' || last === 'days'
  const message = within
    ? say('没有这种风险等级', 'There is no such risk level')
    : isDays
      ? say(`天数须为 0 到 ${MAX_DAYS} 的整数`, `Days are a whole number from 0 to ${MAX_DAYS}`)
      : path === 'rules' && issue.code === 'too_big'
        ? say(`规则不能超过 ${MAX_RULES} 条`, `At most ${MAX_RULES} rules`)
        : say(`此处填写有误（${issue.message}）`, `This is not valid (${issue.message})`)
  const remedy = within ? say('可用：high 高、medium 中、low 低', `Use one of ${RISK_LEVELS.join(', ')}`) : REMEDY_FIELD
  return { path, level: 'error', rule: 'GRADE-15', message, remedy }
}

function flat(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union') return [issue]
    const branch = issue.errors.toSorted((a, b) => b.length - a.length)[0]
    return branch && branch.length > 0
      ? branch.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
      : [issue]
  })
}

/** Reads and checks a rule set of any origin. Errors refuse it; hints are shown. */
export function readRuleSet(
  input: unknown,
  areaName?: AreaName,
): { document: RuleSetDocument | null; validation: Validation } {
  const parsed = RuleSetDocument.safeParse(input)
  if (!parsed.success) {
    return {
      document: null,
      validation: { ok: false, faults: flat(parsed.error.issues).slice(0, 50).map(shapeFault), sentences: [] },
    }
  }
  const faults: Fault[] = []
  const note: Note = (path, message, remedy, level = 'error') =>
    faults.push({ path, level, rule: 'GRADE-15', message, remedy })
  const document = parsed.data
  const seen = new Set<string>(['manual'])
  document.rules.forEach((rule, i) => {
    if (seen.has(rule.id)) {
      note(
        `rules.${i}.id`,
        say(`规则编号重复：${rule.id}`, `The rule id is used twice: ${rule.id}`),
        say('请换一个编号', 'Choose another id'),
      )
    }
    seen.add(rule.id)
    checkRule(rule, `rules.${i}`, note)
  })
  return {
    document,
    validation: {
      ok: !faults.some((fault) => fault.level === 'error'),
      faults,
      sentences: document.rules.map((rule) => ({ id: rule.id, sentence: ruleSentence(rule, areaName) })),
    },
  }
}

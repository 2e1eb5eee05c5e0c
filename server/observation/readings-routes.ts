import {
  AskPlan,
  CallPage,
  FileByLink,
  FiledByLink,
  LinkPage,
  ListCalls,
  ListMessages,
  ListReadings,
  ListSlots,
  LookLink,
  MessagePage,
  MyReadings,
  PlanView,
  ReadingPage,
  SlotPage,
  StopByLink,
  Stopped,
} from '@weiwang/domain/observation/reading-api'
import { z } from 'zod'
import { permit } from '../core/ctx.ts'
import type { Http } from '../core/http.ts'
import { fileByLink, lookLink, stopByLink } from './links.ts'
import { askStop, noteStop, takeReply } from './links-stop.ts'
import {
  fileMine,
  fileReading,
  openReading,
  presentPlan,
  setContact,
  setMyContact,
  setPlan,
} from './readings-actions.ts'
import { callDone, openNumber } from './readings-calls.ts'
import { readCalls, readMessages, readMine, readReadings, readSlots } from './readings-lists.ts'
import { findPlan } from './readings-store.ts'

/** Readings over HTTP. Links are open to whoever holds one, with a limit that guessing does not get through. */
const LINK_LIMIT = 20

function linkRoutes(http: Http): void {
  const { server } = http
  http.open('POST', '/api/readings/link/look', {
    input: LookLink,
    output: LinkPage,
    limit: LINK_LIMIT,
    run: ({ token }) => lookLink(server, token),
  })
  http.open('POST', '/api/readings/link/file', {
    input: FileByLink,
    output: FiledByLink,
    limit: LINK_LIMIT,
    run: (args) => fileByLink(server, args),
  })
  http.open('POST', '/api/readings/link/stop', {
    input: StopByLink,
    output: Stopped,
    limit: LINK_LIMIT,
    run: async ({ token }) => {
      await stopByLink(server, token)
      return { stopped: true }
    },
  })
  http.open('POST', '/api/readings/reply', {
    input: z.object({ from: z.string().max(30), text: z.string().max(500) }),
    output: z.object({ stopped: z.boolean() }),
    limit: 600,
    run: (args, request) => takeReply(server, args, request.headers.authorization),
  })
}

export function readingRoutes(http: Http): void {
  linkRoutes(http)
  http.action('POST', '/api/readings', fileReading)
  http.action('POST', '/api/readings/open', openReading)
  http.action('POST', '/api/readings/contact', setContact)
  http.action('POST', '/api/readings/plan', setPlan)
  http.action('POST', '/api/readings/stop', noteStop)
  http.action('POST', '/api/readings/stop/ask', askStop)
  http.action('POST', '/api/readings/calls/number', openNumber)
  http.action('POST', '/api/readings/calls/outcome', callDone)
  http.action('POST', '/api/my/readings', fileMine)
  http.action('POST', '/api/my/readings/contact', setMyContact)
  http.query('GET', '/api/my/readings', { input: z.strictObject({}), output: MyReadings, reach: 'all', run: readMine })
  http.query('GET', '/api/observations/:id/readings', { input: ListReadings, output: ReadingPage, run: readReadings })
  http.query('GET', '/api/readings/slots', { input: ListSlots, output: SlotPage, run: readSlots })
  http.query('GET', '/api/readings/calls', { input: ListCalls, output: CallPage, run: readCalls })
  http.query('GET', '/api/readings/messages', { input: ListMessages, output: MessagePage, run: readMessages })
  http.query('GET', '/api/readings/plan', {
    input: AskPlan,
    output: PlanView,
    run: async (ctx, args) => {
      const area = args.area ?? (ctx.actor.area === '' ? ctx.root : ctx.actor.area)
      permit(ctx, 'read', { kind: 'observation', area })
      return presentPlan(await findPlan(ctx.db, area))
    },
  })
}

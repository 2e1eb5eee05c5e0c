import { Map as MapLibre, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'

// Version 6 draws nothing until it is told where its worker lies.
setWorkerUrl(workerUrl)

export type MapArea = {
  code: string
  name: string
  /** 0 to 1: how dark the area is drawn. */
  weight: number
  centre: [number, number] | null
  polygons: [number, number][][][]
}

type Colours = { ground: string; line: string; fill: string; ink: string }

function coloursOf(dark: boolean): Colours {
  return dark
    ? { ground: '#121716', line: '#4a5653', fill: '#62c4bd', ink: '#e9efed' }
    : { ground: '#ffffff', line: '#9fb0ac', fill: '#0f6b66', ink: '#14211f' }
}

function boundsOf(areas: readonly MapArea[]): [[number, number], [number, number]] {
  const points = areas.flatMap((a) => a.polygons.flat(2))
  const xs = points.map((p) => p[0])
  const ys = points.map((p) => p[1])
  const least = (n: number[]): number => n.reduce((a, b) => Math.min(a, b), Infinity)
  const most = (n: number[]): number => n.reduce((a, b) => Math.max(a, b), -Infinity)
  return [
    [least(xs), least(ys)],
    [most(xs), most(ys)],
  ]
}

const MARGIN = 24

/** Boundaries without a base map, as one way to choose an area. A reader hears nothing of it: the table is its twin. */
export function AreaMap({
  label,
  areas,
  dark,
  onChoose,
}: {
  label: string
  areas: readonly MapArea[]
  dark: boolean
  onChoose: (code: string) => void
}): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const choose = useRef(onChoose)
  useEffect(() => {
    choose.current = onChoose
  }, [onChoose])
  useEffect(() => {
    if (!box.current || areas.length === 0) return
    const colours = coloursOf(dark)
    const map = new MapLibre({
      container: box.current,
      bounds: boundsOf(areas),
      fitBoundsOptions: { padding: MARGIN },
      attributionControl: false,
      dragRotate: false,
      // The wheel scrolls the page; a double click or two fingers zoom.
      scrollZoom: false,
      localIdeographFontFamily: "'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
      style: {
        version: 8,
        sources: {
          areas: {
            type: 'geojson',
            data: {
              type: 'FeatureCollection',
              features: areas.map((a) => ({
                type: 'Feature',
                properties: { code: a.code, weight: a.weight },
                geometry: { type: 'MultiPolygon', coordinates: a.polygons },
              })),
            },
          },
          names: {
            type: 'geojson',
            data: {
              type: 'FeatureCollection',
              features: areas.flatMap((a) =>
                a.centre
                  ? [
                      {
                        type: 'Feature' as const,
                        properties: { name: a.name },
                        geometry: { type: 'Point' as const, coordinates: a.centre },
                      },
                    ]
                  : [],
              ),
            },
          },
        },
        layers: [
          { id: 'ground', type: 'background', paint: { 'background-color': colours.ground } },
          {
            id: 'fill',
            type: 'fill',
            source: 'areas',
            paint: { 'fill-color': colours.fill, 'fill-opacity': ['+', 0.06, ['*', 0.6, ['get', 'weight']]] },
          },
          { id: 'line', type: 'line', source: 'areas', paint: { 'line-color': colours.line, 'line-width': 1 } },
          {
            id: 'name',
            type: 'symbol',
            source: 'names',
            layout: { 'text-field': ['get', 'name'], 'text-size': 13 },
            paint: { 'text-color': colours.ink, 'text-halo-color': colours.ground, 'text-halo-width': 1.4 },
          },
        ],
      },
    })
    map.on('click', 'fill', (event) => {
      const code: unknown = event.features?.[0]?.properties['code']
      if (typeof code === 'string') choose.current(code)
    })
    map.on('mouseenter', 'fill', () => {
      map.getCanvas().style.cursor = 'pointer'
    })
    map.on('mouseleave', 'fill', () => {
      map.getCanvas().style.cursor = ''
    })
    return () => map.remove()
  }, [areas, dark])
  return (
    <figure aria-label={label} style={{ margin: 0 }}>
      <div ref={box} style={{ height: 460, borderRadius: 10, overflow: 'hidden' }} />
    </figure>
  )
}

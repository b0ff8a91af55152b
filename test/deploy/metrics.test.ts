// What the dashboard and the alerts ask for is what a server tells. A metric that was renamed shows an empty panel, and
// an alert that never fires.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newCertificate } from '../http/proxy-scene.ts';
import { runTool } from '../support/processes.ts';
import { testServer } from '../support/server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { needs } from '../support/tools.ts';
import { read, type Tree, yaml } from './manifests.ts';
import { generateRule, RULE_FILE } from './prometheus-rule.ts';

const dashboard = JSON.parse(read('deploy/grafana/dashboard.json'));
const panels: Tree[] = dashboard.panels.filter(({ type }: Tree) => type !== 'row');
const shown: string[] = panels.flatMap(({ targets }) => targets.map(({ expr }: Tree) => expr));
const alerts: string[] = yaml('deploy/prometheus/rules.yml').groups.flatMap(({ rules }: Tree) =>
  rules.map(({ expr }: Tree) => expr),
);

const used = (expressions: readonly string[]) => {
  const names = expressions.flatMap((expression) => expression.match(/\b(?:lookaside|nodejs|process)_\w+/g) ?? []);
  return [...new Set(names)].sort();
};

/** Names in a scrape, with those of the series of a histogram. */
function told(scrape: string): Set<string> {
  const names = [...scrape.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', kind]) =>
    kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
  );
  return new Set(names);
}

test('a metric', needs('openssl'), async (t) => {
  const { cert, key } = newCertificate(tempDir(t));
  const server = await testServer(t, { LOOKASIDE_TLS_CERT: cert, LOOKASIDE_TLS_KEY: key });
  const names = told(await (await fetch(server.metricsUrl)).text());
  await t.test('that the dashboard shows or an alert asks for is told by a server', () => {
    for (const [what, expressions] of Object.entries({ dashboard: shown, alerts })) {
      const asked = used(expressions);
      assert.ok(asked.length > 10, what);
      assert.deepEqual(
        asked.filter((name) => !names.has(name)),
        [],
        what,
      );
    }
  });
  await t.test('that an alert asks for is shown by the dashboard', () => {
    const seen = new Set(used(shown));
    // Of interest when they change, and named by the alert.
    const spared = ['lookaside_audit_rows', 'lookaside_read_workers_lost_total', 'process_start_time_seconds'];
    assert.deepEqual(
      used(alerts).filter((name) => !seen.has(name)),
      spared,
    );
  });
});

test('a panel of the dashboard', async (t) => {
  await t.test('has a title, and overlaps no other', () => {
    assert.equal(new Set(dashboard.panels.map(({ id }: Tree) => id)).size, dashboard.panels.length);
    const cells = new Set<string>();
    for (const { title, gridPos } of dashboard.panels) {
      assert.ok(title);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert.ok(x < 24 && !cells.has(`${x},${y}`), title);
          cells.add(`${x},${y}`);
        }
    }
  });
  await t.test('looks at the chosen source and job alone', () => {
    for (const { title, datasource } of panels) assert.equal(datasource.uid, '$' + '{datasource}', title);
    for (const expression of shown)
      for (const [name] of expression.matchAll(/\b(?:lookaside|nodejs|process)_\w+(?!\{job=~"\$job")\b(?!\{)/g))
        assert.fail(`${name} without a job: ${expression}`);
  });
});

test('every expression of the dashboard is PromQL', needs('promtool'), async (t) => {
  // As Grafana fills in what it knows.
  const rules = shown.map((expr, index) => ({
    record: `panel:${index}`,
    expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$job', 'lookaside'),
  }));
  const file = join(tempDir(t), 'rules.yml');
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
  const { code, stdout, stderr } = await runTool('promtool', ['check', 'rules', file]);
  assert.equal(code, 0, stdout + stderr);
});

test('the rules for the Prometheus operator are those of Prometheus', () => {
  assert.equal(read(RULE_FILE), generateRule(), 'run: npm run build:rules');
});

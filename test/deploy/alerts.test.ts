// The alerts: promtool tries them, each has a case in which it fires, and a section that says what to do.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runTool } from '../support/processes.ts';
import { needs } from '../support/tools.ts';
import { ROOT, read, type Tree, yaml } from './manifests.ts';

const FOLDER = join(ROOT, 'deploy/prometheus');
const rules: Tree[] = yaml('deploy/prometheus/rules.yml').groups.flatMap(({ rules }: Tree) => rules);
const names = rules.map(({ alert }) => alert);
const operations = read('docs/operations.md');

test('the alerts of deploy/prometheus', needs('promtool'), async (t) => {
  for (const args of [
    ['check', 'config', 'prometheus.yml'],
    ['test', 'rules', 'rules.test.yml', 'rules-over-days.test.yml'],
  ])
    await t.test(`hold: promtool ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await runTool('promtool', args, { cwd: FOLDER });
      assert.equal(code, 0, stdout + stderr);
    });
});

test('an alert', async (t) => {
  await t.test('fires in one of the cases', () => {
    const cases: Tree[] = ['rules', 'rules-over-days'].flatMap((file) =>
      yaml(`deploy/prometheus/${file}.test.yml`).tests.flatMap((each: Tree) => each.alert_rule_test),
    );
    const fired = cases.filter(({ exp_alerts: alerts = [] }) => alerts.length > 0).map(({ alertname }) => alertname);
    assert.deepEqual([...new Set(fired)].sort(), [...names].sort());
  });
  await t.test('has a section in docs/operations.md, and nothing else has', () => {
    const sections = [...operations.matchAll(/^#### (Lookaside\w+)$/gm)].map(([, name]) => name);
    assert.deepEqual(sections.sort(), [...names].sort());
  });
  await t.test('is as urgent there as in the rules, and names its section', () => {
    for (const { alert, labels, annotations } of rules) {
      const [, urgency] = new RegExp(`^#### ${alert}\n\n(\\w+)\\.`, 'm').exec(operations) ?? [];
      assert.equal(urgency?.toLowerCase(), labels.severity, alert);
      assert.equal(annotations.runbook, `docs/operations.md#${alert.toLowerCase()}`);
    }
  });
});

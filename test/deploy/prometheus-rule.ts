// The alert rules as the Prometheus operator wants them: `npm run build:rules` after a change of rules.yml.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ROOT, yaml } from './manifests.ts';

export const RULE_FILE = 'deploy/kubernetes/monitoring/prometheusrule.yaml';

export function generateRule(): string {
  const { groups } = yaml('deploy/prometheus/rules.yml');
  const apiVersion = 'monitoring.coreos.com/v1';
  const rule = { apiVersion, kind: 'PrometheusRule', metadata: { name: 'lookaside' }, spec: { groups } };
  return `# Made from deploy/prometheus/rules.yml by \`npm run build:rules\`.\n${stringify(rule, { lineWidth: 0 })}`;
}

if (import.meta.main) writeFileSync(join(ROOT, RULE_FILE), generateRule());

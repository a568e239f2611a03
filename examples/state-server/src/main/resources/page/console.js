/** Addresses in the AWS console. A partition without a public console has none. */

const HOSTS = { 'aws': 'console.aws.amazon.com', 'aws-cn': 'console.amazonaws.cn', 'aws-us-gov': 'console.amazonaws-us-gov.com' };

const PLACES = {
  'cluster': () => 'services',
  'service': id => `services/${id}/health`,
  'task': id => `tasks/${id}/configuration`,
  'container-instance': id => `infrastructure/container-instances/${id}`,
};

/** The address of the entity with an ARN. The cluster's ARN names the cluster, which ARNs of the short form do not. */
export function consoleAddress(arn, clusterArn) {
  const [, partition, , region, , resource = ''] = arn.split(':');
  const [type, ...path] = resource.split('/');
  const host = HOSTS[partition];
  const cluster = clusterArn?.split('/').at(-1);
  if (!host || !region || !cluster || !PLACES[type]) {
    return undefined;
  }
  const place = PLACES[type](encodeURIComponent(path.at(-1)));
  return `https://${region}.${host}/ecs/v2/clusters/${encodeURIComponent(cluster)}/${place}?region=${region}`;
}

using YamlDotNet.RepresentationModel;

namespace Sommelier.Tests.Deploy;

/// <summary>What the Helm chart makes fits together and with the program.</summary>
public sealed class ChartTests
{
    private const string Everything = """
        autoscaling: { enabled: true }
        podDisruptionBudget: { enabled: true }
        serviceMonitor: { enabled: true }
        secrets: { values: { SOMMELIER_KEY: secret, SOMMELIER_POSTGRES: "Host=db", SOMMELIER_REDIS: "redis:6379" } }
        config: { storage: { postgres: "${SOMMELIER_POSTGRES}", redis: "${SOMMELIER_REDIS}" } }
        env: [{ name: TZ, value: UTC }]
        podAnnotations: { a: b }
        imagePullSecrets: [{ name: pull }]
        nodeSelector: { disk: fast }
        tolerations: [{ key: gpu, operator: Exists }]
        affinity: { nodeAffinity: {} }
        topologySpreadConstraints: [{ maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway }]
        """;

    [Fact]
    public void By_default_there_is_one_pod_with_its_configuration_and_its_secret()
    {
        var chart = new Chart();
        Assert.Equal(["ConfigMap", "Deployment", "Secret", "Service"], chart.Objects.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("1", chart.Objects["Deployment"].At("spec/replicas").ToString());
        Assert.Contains("http://cellar.wine:4000", chart.Notes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(Everything)]
    [InlineData("persistence: { enabled: true, storageClass: fast }")]
    public void Names_ports_and_labels_meet(string values)
    {
        var made = new Chart(values).Objects;
        Assert.All(made.Values, one => Assert.Equal("cellar", one.At("metadata/name").ToString()));

        var pod = made["Deployment"].At("spec/template");
        var labels = (YamlMappingNode)pod.At("metadata/labels");
        IEnumerable<YamlNode> selectors = [made["Deployment"].At("spec/selector/matchLabels"), made["Service"].At("spec/selector")];
        if (made.TryGetValue("PodDisruptionBudget", out var budget))
        {
            selectors = [.. selectors, budget.At("spec/selector/matchLabels"), made["ServiceMonitor"].At("spec/selector/matchLabels")];
        }

        Assert.All(selectors, selector => Assert.Subset(labels.Children.ToHashSet(), ((YamlMappingNode)selector).Children.ToHashSet()));

        var container = pod.At("spec/containers/0");
        Assert.Equal(container.At("ports/0/name"), made["Service"].At("spec/ports/0/targetPort"));
        Assert.Equal(made["Secret"].At("metadata/name"), container.At("envFrom/0/secretRef/name"));
        var volumes = ((YamlSequenceNode)pod.At("spec/volumes")).Select(volume => volume["name"].ToString());
        Assert.Equal(volumes, ((YamlSequenceNode)container["volumeMounts"]).Select(mount => mount["name"].ToString()));
    }

    [Theory]
    [InlineData("secrets: { values: { SOMMELIER_KEY: secret } }")]
    [InlineData(Everything)]
    public void The_program_reads_the_configuration_and_finds_its_variables_port_and_folder(string values)
    {
        var made = new Chart(values).Objects;
        var yaml = made["ConfigMap"].At("data/sommelier.yaml").ToString();
        var variables = ((YamlMappingNode)made["Secret"]["stringData"]).Children.Keys.Select(key => key.ToString()).ToHashSet(StringComparer.Ordinal);
        Deployed.ReadsAsConfiguration(yaml, variables);

        var container = made["Deployment"].At("spec/template/spec/containers/0");
        var server = Deployed.Parse(yaml)["server"];
        Assert.Equal($"http://0.0.0.0:{container.At("ports/0/containerPort")}", server["urls"].ToString());
        var mounts = ((YamlSequenceNode)container["volumeMounts"]).ToDictionary(mount => mount["name"].ToString(), mount => mount["mountPath"].ToString(), StringComparer.Ordinal);
        Assert.Equal(mounts["data"], server["data"].ToString());
        Assert.Equal(["serve", "--config", mounts["config"] + "/sommelier.yaml"], container["args"].Items());
        Assert.Equal(["/health/live", "/health/live", "/health/ready"], new[] { "startupProbe", "livenessProbe", "readinessProbe" }.Select(probe => container[probe].At("httpGet/path").ToString()));
    }

    [Fact]
    public void Pods_have_no_more_rights_than_they_need()
    {
        var pod = new Chart().Objects["Deployment"].At("spec/template/spec");
        Assert.Equal("true", pod.At("securityContext/runAsNonRoot").ToString());
        Assert.Equal("false", pod["automountServiceAccountToken"].ToString());
        var context = pod.At("containers/0/securityContext");
        Assert.Equal(("false", "true"), (context["allowPrivilegeEscalation"].ToString(), context["readOnlyRootFilesystem"].ToString()));
        Assert.Equal(["ALL"], context.At("capabilities/drop").Items());
    }

    [Fact]
    public void Another_configuration_makes_other_pods()
    {
        static string Sum(string values) => new Chart(values).Objects["Deployment"].At("spec/template/metadata/annotations")["checksum/config"].ToString();
        Assert.NotEqual(Sum("{}"), Sum("config: { discover: true }"));
    }

    [Fact]
    public void Every_value_is_used()
    {
        var read = new HashSet<string>([.. new Chart(Everything).Read, .. new Chart("persistence: { enabled: true }").Read, .. new Chart("secrets: { existing: mine }").Read], StringComparer.Ordinal);
        Assert.Equal([], Leaves(new Chart().Values, "").Where(path => !read.Any(used => path == used || path.StartsWith(used + ".", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("replicas: 2")]
    [InlineData("autoscaling: { enabled: true }")]
    public void One_disk_is_for_one_pod(string values)
    {
        var error = Assert.Throws<InvalidOperationException>(() => new Chart($"persistence: {{ enabled: true }}\n{values}"));
        Assert.Contains("one pod", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_of_your_own_is_taken()
    {
        var made = new Chart("secrets: { existing: mine }").Objects;
        Assert.DoesNotContain("Secret", made.Keys);
        Assert.Equal("mine", made["Deployment"].At("spec/template/spec/containers/0/envFrom/0/secretRef/name").ToString());
    }

    private static IEnumerable<string> Leaves(YamlMappingNode map, string before) => map.Children.SelectMany(
        member => member.Value is YamlMappingNode { Children.Count: > 0 } inner ? Leaves(inner, $"{before}{member.Key}.") : [$"{before}{member.Key}"]);
}

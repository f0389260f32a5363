using Sommelier.Server.Hosting;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sommelier.Configuration;
using Sommelier.Configuration.Building;
using Sommelier.Storage;

namespace Sommelier.Server.Cli;

/// <summary>How something was found.</summary>
internal enum DoctorHealth
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Worth knowing; serving works.</summary>
    Odd,

    /// <summary>Serving does not work, or not wholly.</summary>
    Bad,
}

/// <summary>One finding.</summary>
internal sealed record DoctorFinding(DoctorHealth Health, string What, string Detail);

/// <summary>What <c>doctor</c> looks at.</summary>
internal static class DoctorChecks
{
    public static DoctorFinding Runtime() =>
        new(DoctorHealth.Good, "runtime", $"sommelier {ProductVersion.Text}, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");

    public static IEnumerable<DoctorFinding> Configuration(string? file, SommelierConfig? config, IReadOnlyList<ConfigProblem> problems)
    {
        foreach (var problem in problems)
        {
            yield return new(problem.Severity == ConfigSeverity.Error ? DoctorHealth.Bad : DoctorHealth.Odd, "configuration", problem.ToString());
        }

        if (config is not null)
        {
            yield return new(DoctorHealth.Good, "configuration", file is null ? "no file; the defaults hold" : $"{Path.GetFullPath(file)}, version {config.Version}");
        }
    }

    /// <summary>Which of the usual key variables are set: their names, never their values.</summary>
    public static IEnumerable<DoctorFinding> Keys(SommelierConfig config, Func<string, string?> environment)
    {
        var set = UsualKeys.Set(environment);
        if (config.Providers.Count == 0)
        {
            yield return set.Count == 0
                ? new(DoctorHealth.Odd, "keys", "no usual key variable is set; set one (ANTHROPIC_API_KEY, OPENAI_API_KEY …), or write providers into sommelier.yaml")
                : new(DoctorHealth.Good, "keys", $"{string.Join(", ", set)} set");
        }

        yield return config.Server.Keys.Count == 0
            ? new(DoctorHealth.Odd, "callers", "no caller keys: this machine only, any key is accepted")
            : new(DoctorHealth.Good, "callers", $"{config.Server.Keys.Count} caller keys");
    }

    public static async Task<IReadOnlyList<DoctorFinding>> ProvidersAsync(SommelierConfig config, CliContext context, bool offline, CancellationToken cancellationToken)
    {
        var check = await ProviderCheck.RunAsync(config, context.Environment, context.Time, offline, cancellationToken);
        var findings = new List<DoctorFinding>();
        foreach (var server in check.LocalServers)
        {
            findings.Add(new(DoctorHealth.Good, "local server", server));
        }

        foreach (var probe in check.Probes)
        {
            findings.Add(new(probe.Accepted ? DoctorHealth.Good : DoctorHealth.Bad, $"provider {probe.Provider}", $"{probe.Address?.GetLeftPart(UriPartial.Path)} {probe.Detail}".Trim()));
        }

        foreach (var warning in check.Warnings)
        {
            findings.Add(new(DoctorHealth.Odd, "configuration", warning.ToString()));
        }

        findings.Add(check.Models == 0
            ? new(DoctorHealth.Bad, "models", "no model can be used: requests get 503 no_provider")
            : new(DoctorHealth.Good, "models", $"{check.Models} models of {check.Providers} providers"));
        return findings;
    }

    public static DoctorFinding DataFolder(SommelierConfig config)
    {
        var folder = Path.GetFullPath(config.Server.Data);
        try
        {
            PrivateFolder.Create(folder);
            var probe = Path.Combine(folder, $".doctor-{Environment.ProcessId}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return new(DoctorHealth.Good, "data folder", $"{folder} can be written");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new(DoctorHealth.Bad, "data folder", $"{folder} cannot be written: {failure.Message} Give it rights, or name another with server.data");
        }
    }

    public static IEnumerable<DoctorFinding> Ports(SommelierConfig config)
    {
        foreach (var url in config.Server.Urls.Select(text => new Uri(text)))
        {
            var address = IPAddress.TryParse(url.DnsSafeHost, out var parsed) ? parsed : IPAddress.Loopback;
            DoctorFinding finding;
            try
            {
                using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { ExclusiveAddressUse = true };
                socket.Bind(new IPEndPoint(address, url.Port));
                finding = new(DoctorHealth.Good, "port", $"{url.OriginalString} is free");
            }
            catch (SocketException failure)
            {
                // A gateway that runs already holds its own port: no fault.
                finding = failure.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? new(DoctorHealth.Odd, "port", $"{url.OriginalString} is in use: by a running gateway, or choose another with server.urls")
                    : new(DoctorHealth.Bad, "port", $"{url.OriginalString} cannot be listened on: {failure.Message}");
            }

            yield return finding;
        }
    }
}

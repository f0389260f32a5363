using System.CommandLine;
using System.Reflection;
using System.Runtime.InteropServices;
using Sommelier.Catalog;

namespace Sommelier.Server.Cli;

/// <summary><c>version</c>: what this executable is.</summary>
internal static class VersionCommand
{
    /// <summary>The version of the product, e.g. <c>0.1.0</c>.</summary>
    public static string Product { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>The verb.</summary>
    public static Command Create(CliContext context)
    {
        var json = CommonOptions.Json();
        var command = new Command("version", "Print the version.") { json };
        command.SetAction(parsed =>
        {
            var build = System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported ? "jit" : "aot";
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(context.Output, writer =>
                {
                    writer.WriteString("version", Product);
                    writer.WriteString("runtime", RuntimeInformation.FrameworkDescription);
                    writer.WriteString("build", build);
                    writer.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
                    writer.WriteString("quality_version", BundledCatalog.Quality.Version);
                });
            }
            else
            {
                context.Output.WriteLine($"sommelier {Product} ({RuntimeInformation.FrameworkDescription}, {build}, {RuntimeInformation.RuntimeIdentifier})");
            }

            return ExitCodes.Fine;
        });
        return command;
    }
}

using System.CommandLine;
using System.Runtime.InteropServices;
using Sommelier.Catalog;
using Sommelier.Server.Hosting;

namespace Sommelier.Server.Cli;

/// <summary><c>version</c>: what this executable is.</summary>
internal static class VersionCommand
{
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
                    writer.WriteString("version", ProductVersion.Text);
                    writer.WriteString("runtime", RuntimeInformation.FrameworkDescription);
                    writer.WriteString("build", build);
                    writer.WriteString("platform", RuntimeInformation.RuntimeIdentifier);
                    writer.WriteString("quality_version", BundledCatalog.Quality.Version);
                });
            }
            else
            {
                context.Output.WriteLine($"sommelier {ProductVersion.Text} ({RuntimeInformation.FrameworkDescription}, {build}, {RuntimeInformation.RuntimeIdentifier})");
            }

            return ExitCodes.Fine;
        });
        return command;
    }
}

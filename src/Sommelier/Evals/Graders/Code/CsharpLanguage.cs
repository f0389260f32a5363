using System.Text.RegularExpressions;
using Sommelier.Evals.Sandbox;

namespace Sommelier.Evals.Graders.Code;

/// <summary>
/// C#: the SDK's compiler is called by itself inside the sandbox, which takes a second; <c>dotnet run</c> takes ten. The tests are
/// statements; the answer is types, or bare members, which become members of the tests' own class.
/// </summary>
internal sealed partial class CsharpLanguage : CodeLanguage
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Diagnostics;
        global using System.IO;
        global using System.Linq;
        global using System.Text;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private const string Main = """
        set -eu
        key=$1 sdk=$2 framework=$3 version=$4
        echo "$key begin"
        set -- -nologo -noconfig -nostdlib -nowarn:CS7022,CS1701 -warn:0 -nullable:annotations -langversion:latest -out:/tmp/main.dll
        for reference in "$framework"/System*.dll "$framework"/Microsoft.CSharp.dll "$framework"/mscorlib.dll "$framework"/netstandard.dll; do set -- "$@" "-r:$reference"; done
        dotnet exec "$sdk/Roslyn/bincore/csc.dll" "$@" /task/usings.cs /task/tests.cs /task/answer.cs >&2
        printf '{"runtimeOptions":{"framework":{"name":"Microsoft.NETCore.App","version":"%s"}}}' "$version" > /tmp/main.runtimeconfig.json
        dotnet exec /tmp/main.dll "$key"
        """;

    /// <inheritdoc/>
    public override string Name => "csharp";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Tags { get; } = ["csharp", "cs", "c#"];

    /// <inheritdoc/>
    public override string Runtime => "dotnet";

    /// <inheritdoc/>
    public override string? Lacking(SandboxLauncher launcher) =>
        !launcher.MountsProc ? ".NET needs a /proc of its own, and mounting one is forbidden here"
        : Newest() is null ? "the .NET SDK is not installed below /usr"
        : null;

    /// <inheritdoc/>
    public override SandboxProgram Program(CodeParts parts, string key)
    {
        var (sdk, framework) = Newest()!.Value;
        var (usings, members) = Split(parts.Setup + "\n" + parts.Answer);

        // The class that the compiler makes of the tests' statements, so that they see private members too.
        var answer = TypeDeclaration().IsMatch(members) ? members : $"partial class Program\n{{\n{members}\n}}";
        var (testUsings, statements) = Split(parts.Tests);
        return new(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["main.sh"] = Main,
                ["usings.cs"] = Usings,
                ["answer.cs"] = $"{usings}\n{answer}",
                ["tests.cs"] = $"{testUsings}\n{statements}\nConsole.Out.Write(\"\\n\" + args[0] + \" end\\n\");",
            },
            ["sh", "/task/main.sh", key, sdk, framework, Path.GetFileName(framework)])
        {
            ReservesAddressSpace = true,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                // Its executable pages are a second mapping of a file otherwise, larger than a file may be here.
                ["DOTNET_EnableWriteXorExecute"] = "0",
                ["DOTNET_GCHeapHardLimit"] = "0x10000000",
                ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
                ["DOTNET_EnableDiagnostics"] = "0",
            },
        };
    }

    // Using directives come first in a file, whatever the answer and its setup are made of.
    private static (string Usings, string Others) Split(string code) =>
        (string.Join('\n', UsingDirective().Matches(code).Select(static match => match.Value.Trim())), UsingDirective().Replace(code, ""));

    private static (string Sdk, string Framework)? Newest()
    {
        foreach (var root in (string[])["/usr/share/dotnet", "/usr/lib/dotnet", "/usr/local/share/dotnet"])
        {
            var sdk = NewestBelow(Path.Combine(root, "sdk"), static folder => File.Exists(Path.Combine(folder, "Roslyn", "bincore", "csc.dll")));
            var framework = NewestBelow(Path.Combine(root, "shared", "Microsoft.NETCore.App"), static _ => true);
            if (sdk is not null && framework is not null)
            {
                return (sdk, framework);
            }
        }

        return null;
    }

    private static string? NewestBelow(string folder, Func<string, bool> fits) => !Directory.Exists(folder) ? null
        : Directory.GetDirectories(folder).Where(fits).MaxBy(static path => Version.TryParse(Path.GetFileName(path), out var version) ? version : new Version());

    [GeneratedRegex(@"^[ \t]*(?:global[ \t]+)?using[ \t]+(?:static[ \t]+)?[\w.]+(?:[ \t]*=[^;\n]{1,300})?[ \t]*;[ \t]*\r?$", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UsingDirective();

    [GeneratedRegex(@"^[ \t]*(?:(?:public|internal|static|sealed|abstract|partial|readonly|file|unsafe)[ \t]+)*(?:class|struct|record|interface|enum|namespace)\b", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeDeclaration();
}

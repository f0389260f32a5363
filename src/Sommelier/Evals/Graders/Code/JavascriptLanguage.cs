using Sommelier.Evals.Sandbox;

namespace Sommelier.Evals.Graders.Code;

/// <summary>
/// JavaScript on Node: answer and tests are scripts in one global scope, with <c>require</c>; <c>export</c> is taken off. Tests
/// that are a promise are awaited.
/// </summary>
internal sealed class JavascriptLanguage : CodeLanguage
{
    private const string Main = """
        const fs = require('fs'), vm = require('vm');
        const [key, entry] = process.argv.splice(2);
        globalThis.require = require;
        globalThis.module = { exports: {} };
        globalThis.exports = globalThis.module.exports;
        const write = text => fs.writeSync(1, text);
        write(key + ' begin\n');
        const run = name => vm.runInThisContext(fs.readFileSync('/task/' + name, 'utf8').replace(/^export\s+(default\s+)?/gm, ''), { filename: name });
        let done = false;
        process.on('exit', code => { if (done && code === 0) write('\n' + key + ' end\n'); });
        (async () => {
          run('setup.js');
          run('answer.js');
          await run('tests.js');
          if (entry) await vm.runInThisContext('check')(vm.runInThisContext(entry));
          done = true;
        })();
        """;

    /// <inheritdoc/>
    public override string Name => "javascript";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Tags { get; } = ["javascript", "js", "node", "mjs"];

    /// <inheritdoc/>
    public override string Runtime => "node";

    /// <inheritdoc/>
    public override SandboxProgram Program(CodeParts parts, string key) => new(
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["main.js"] = Main,
            ["setup.js"] = parts.Setup,
            ["answer.js"] = parts.Answer,
            ["tests.js"] = parts.Tests,
        },
        ["node", "--max-old-space-size=256", "/task/main.js", key, parts.EntryPoint ?? ""])
    {
        ReservesAddressSpace = true,
    };
}

using Sommelier.Evals.Sandbox;

namespace Sommelier.Evals.Graders.Code;

/// <summary>Python 3: answer and tests share one namespace that is not <c>__main__</c>, so that an answer's demo does not run.</summary>
internal sealed class PythonLanguage : CodeLanguage
{
    private const string Main = """
        import sys
        key, entry = sys.argv[1], sys.argv[2]
        sys.argv = ['answer']
        out = sys.__stdout__
        out.write(key + ' begin\n')
        out.flush()
        space = {'__name__': 'answer'}
        for name in ('setup.py', 'answer.py', 'tests.py'):
            with open('/task/' + name, encoding='utf-8') as file:
                exec(compile(file.read(), name, 'exec'), space)
        if entry:
            if entry not in space:
                raise NameError("the answer does not define '" + entry + "'")
            space['check'](space[entry])
        out.write('\n' + key + ' end\n')
        out.flush()
        """;

    /// <inheritdoc/>
    public override string Name => "python";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Tags { get; } = ["python", "py", "python3"];

    /// <inheritdoc/>
    public override string Runtime => "python3";

    /// <inheritdoc/>
    public override SandboxProgram Program(CodeParts parts, string key) => new(
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["main.py"] = Main,
            ["setup.py"] = parts.Setup,
            ["answer.py"] = parts.Answer,
            ["tests.py"] = parts.Tests,
        },
        ["python3", "-I", "-B", "/task/main.py", key, parts.EntryPoint ?? ""]);
}

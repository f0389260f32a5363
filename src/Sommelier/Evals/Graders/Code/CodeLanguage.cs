using Sommelier.Evals.Sandbox;

namespace Sommelier.Evals.Graders.Code;

/// <summary>How a language's programs are tested. A new one is a file beside this one and a line in <see cref="All"/>.</summary>
internal abstract class CodeLanguage
{
    /// <summary>Every language.</summary>
    public static IReadOnlyList<CodeLanguage> All { get; } = [new PythonLanguage(), new JavascriptLanguage(), new CsharpLanguage()];

    /// <summary>The word in suites.</summary>
    public abstract string Name { get; }

    /// <summary>The words that stand behind a fence for it.</summary>
    public abstract IReadOnlyList<string> Tags { get; }

    /// <summary>The command that has to be installed, e.g. <c>python3</c>.</summary>
    public abstract string Runtime { get; }

    /// <summary>What else is lacking here, as a clause without a full stop; null when nothing is.</summary>
    public virtual string? Lacking(SandboxLauncher launcher) => null;

    /// <summary>The program that loads answer and tests and runs them.</summary>
    /// <param name="parts">Answer and tests.</param>
    /// <param name="key">
    /// A word that the answer cannot know. The program writes it with <c> begin</c> before it loads the answer, and with
    /// <c> end</c> after the last test: leaving early with exit code 0 is not passing.
    /// </param>
    public abstract SandboxProgram Program(CodeParts parts, string key);

    /// <summary>The language of that name or fence word, or null.</summary>
    public static CodeLanguage? Find(string name) =>
        All.FirstOrDefault(language => language.Tags.Contains(name, StringComparer.OrdinalIgnoreCase));
}

/// <summary>What is run.</summary>
/// <param name="Setup">Code that stands before the answer: imports, what the task gives.</param>
/// <param name="Answer">The answer's program.</param>
/// <param name="Tests">Code that throws when the answer is wrong.</param>
/// <param name="EntryPoint">What the tests' function <c>check</c> is called with; null when the tests call by themselves.</param>
internal sealed record CodeParts(string Setup, string Answer, string Tests, string? EntryPoint);

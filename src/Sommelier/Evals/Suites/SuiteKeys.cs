using Sommelier.Canonical;
using Sommelier.Configuration.Keys;
using Sommelier.Evals.Graders;
using Sommelier.Evals.Pairs;

namespace Sommelier.Evals.Suites;

/// <summary>Every key of a <c>*.suite.yaml</c>: reader and published schema both come from here.</summary>
internal static class SuiteKeys
{
    /// <summary>Stands before a grader's name and reverses it.</summary>
    public const string Not = "not-";

    /// <summary>The keys of an expectation that are no settings of its grader.</summary>
    public static IReadOnlyList<string> Common { get; } = ["type", "weight", "metric", "gate"];

    /// <summary>Every word that names a grader, reversed ones included.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. GraderRegistry.All.Select(kind => kind.Name), .. GraderRegistry.All.Select(kind => Not + kind.Name)];

    private static readonly KeySpec Expect = KeySpec.List("expect", "What the answer is held to", new()
    {
        Name = "expectation",
        Kind = KeyKind.Group,
        Summary = "One expectation: a grader's name with its value, or type with its settings",
        Keys =
        [
            KeySpec.Choice("type", "The kind of grader; not- before it reverses it", Kinds),
            KeySpec.Of(KeyKind.Any, "value", "What the grader compares with"),
            KeySpec.Of(KeyKind.Number, "weight", "Its share of the case's score; 0: it is on record, and counts for nothing", "1", 0, 1_000_000),
            KeySpec.Text("metric", "The name under which reports sum it up"),
            KeySpec.Of(KeyKind.Any, "transform", "A script, or a list of them, that changes the answer before it is graded: an expression of output, a function's body, or file://script.js"),
            KeySpec.Of(KeyKind.Number, TimedGrader.Setting, "How long the grader may take, s; an answer that takes it longer is missing, not wrong. Default: 20; code 10, javascript 2", "", 0.05m, 300),
            KeySpec.Choice("gate", "hard: a case that fails it scores 0. Default: soft", "soft", "hard"),
            .. GraderRegistry.All.Select(kind => KeySpec.Of(KeyKind.Any, kind.Name, $"{kind.What.TrimEnd('.')}; takes {kind.Value}")),
            .. GraderRegistry.All.Select(kind => KeySpec.Of(KeyKind.Any, Not + kind.Name, $"The reverse of {kind.Name}")),
        ],
        Others = KeySpec.Of(KeyKind.Any, "SETTING", "A setting of the grader"),
        BareRemedy = Written,
    });

    /// <summary>What a case says, and what <c>defaults</c> may say for all of them.</summary>
    private static readonly KeySpec[] Asking =
    [
        KeySpec.Text("system", "The system message"),
        KeySpec.Text("template", "The user message with {{variables}} in it"),
        KeySpec.Of(KeyKind.Any, "tools", "Tools on offer: a list of { name, description, parameters }, or of OpenAI's tools"),
        KeySpec.Of(KeyKind.Integer, "max_tokens", "The most tokens of an answer", "", 1, 10_000_000),
        KeySpec.Of(KeyKind.Number, "temperature", "How freely tokens are drawn; not sent when absent", "", 0, 2),
        KeySpec.Of(KeyKind.Integer, "repeats", "How often each case is asked", "1", 1, 1000),
        KeySpec.Of(KeyKind.Number, "threshold", "The score from which on a case counts as passed; without it each expectation must be met", "", 0, 1),
        KeySpec.Of(KeyKind.Any, "params", "Further fields of the request, in the words of OpenAI's chat format: response_format, tool_choice, reasoning_effort …"),
        Expect,
    ];

    private static readonly KeySpec Intention = KeySpec.Choice("intent", "What kind of work it is; guessed by the shipped classifier when absent", Intents.Names);

    /// <summary>The keys of a case.</summary>
    public static KeySpec Case { get; } = KeySpec.Group(
        "case",
        "One case",
        [
            KeySpec.Text("id", "Its name, once in a suite; from its content when absent"),
            KeySpec.Text("input", "The user message, as it is"),
            KeySpec.Of(KeyKind.Any, "messages", "A conversation in OpenAI's chat format: a list of { role, content }"),
            KeySpec.Map("vars", "What a template is filled with", KeySpec.Of(KeyKind.Any, "NAME", "A value")),
            KeySpec.List("attachments", "Images, sounds and PDFs for the user message: files beside the suite, or addresses"),
            Intention,
            .. Asking,
            KeySpec.Of(KeyKind.Any, "output", "A recorded answer that is graded without a call: a text, or { text, tool_calls }"),
            KeySpec.Of(KeyKind.Any, "reference", "An answer that would be right: a text, or { text, tool_calls }. It is held to the expectations when the suite is checked, and simulated models answer with it"),
            KeySpec.Map("metadata", "Labels of your own; cluster_by names one of them", KeySpec.Of(KeyKind.Any, "NAME", "A value")),
        ]);

    /// <summary>The keys of a suite.</summary>
    public static KeySpec Root { get; } = KeySpec.Group(
        "suite",
        "A suite",
        [
            KeySpec.Text("suite", "The suite's name") with { Required = true },
            KeySpec.Text("version", "What you call this version; results are told apart by the content's hash"),
            KeySpec.Text("description", "What it measures"),
            Intention,
            KeySpec.Text("cluster_by", "The label in metadata, or the variable, that cases of one source share"),
            KeySpec.Group(
                "defaults",
                "What holds for each case that does not say otherwise; expectations are added to the case's own",
                [
                    KeySpec.Text("judge", "The model that rubrics are judged with, provider/model"),
                    KeySpec.Text("embedder", "The model that similarity is measured with, provider/model"),
                    .. Asking,
                ]),
            KeySpec.List("cases", "The cases", Case),
            KeySpec.List("data", "Files with further cases, one in a line or row", new()
            {
                Name = "source",
                Kind = KeyKind.Group,
                Summary = "A file of cases",
                Shorthand = "file",
                Keys =
                [
                    KeySpec.Text("file", "A .jsonl or .csv file, looked for beside the suite") with { Required = true },
                    KeySpec.Map("fields", "Which column holds what, where names differ: input: question", KeySpec.Text("KEY", "The column"), [.. Case.Keys.Select(key => key.Name)]),
                    KeySpec.Of(KeyKind.Integer, "limit", "Take the first rows only", "", 1, 10_000_000),
                ],
            }),
            KeySpec.Group(
                "compare",
                "Let a judge compare the models' answers to the same case, in both orders",
                KeySpec.Choice("type", "The kind of comparison", [.. PairGraderRegistry.All.Select(kind => kind.Name)]) with { Default = PairGraderRegistry.All[0].Name },
                KeySpec.Text("value", "What makes an answer the better one; that it serves whoever set the task, when absent"),
                KeySpec.Of(KeyKind.Any, "judge", "The model that judges, or a list of which most decide; the suite's judge when absent"),
                KeySpec.Text("vs", "Whom each model is compared with: a model of the run, or all for each with each other. Default: the run's first model"),
                KeySpec.Of(KeyKind.Integer, "max_pairs", "The most comparisons of a run; all of them when absent", "", 1, 10_000_000),
                KeySpec.Of(KeyKind.Boolean, "style", "Reckon the ranking without what length and layout do, too", "false"),
                KeySpec.Text("labels", "A file of what people found better, which the judge is measured by")) with { Shorthand = "value" },
            KeySpec.Group(
                "budget",
                "What a run may spend",
                KeySpec.Of(KeyKind.Number, "usd", "USD, judges included", "", 0, 1_000_000),
                KeySpec.Of(KeyKind.Integer, "calls", "Calls of the models under test", "", 1, 100_000_000),
                KeySpec.Of(KeyKind.Duration, "time", "From the first call on", "", 1, 30 * 86_400)),
            KeySpec.Group(
                "stop",
                "End a comparison as soon as it is decided, at whatever moment that is",
                KeySpec.Of(KeyKind.Number, "alpha", "The chance of a wrong end", "0.05", 0.0001m, 0.5m),
                KeySpec.Of(KeyKind.Integer, "min_cases", "Cases before the first look", "20", 5, 1_000_000),
                KeySpec.Of(KeyKind.Number, "equivalent", "Models nearer than this count as equal", "0.02", 0, 1)),
            KeySpec.Group(
                "gate",
                "Fail a run that is worse than a baseline",
                KeySpec.Text("vs", "The baseline: a model of the run, or the id or folder of an earlier run. Default: the run's first model"),
                KeySpec.Of(KeyKind.Number, "max_regression", "How much worse is still fine", "0.02", 0, 1),
                KeySpec.Of(KeyKind.Number, "alpha", "The chance of a wrong verdict", "0.05", 0.0001m, 0.5m)),
        ]);

    // How a grader is written of which only the name was given.
    private static string Written(string word)
    {
        var negated = word.StartsWith(Not, StringComparison.Ordinal);
        return GraderRegistry.Find(negated ? word[Not.Length..] : word) is not { } kind ? "Write a grader with its value, like { contains: Paris }"
            : kind.NeedsValue ? $"Write it with its settings, like {{ type: {word}{kind.Example["{ type: ".Length..][kind.Name.Length..]}"
            : $"Write {{ type: {word} }}";
    }
}

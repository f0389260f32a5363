using System.Text;
using Sommelier.Canonical;
using Sommelier.Routing;
using Sommelier.Routing.Prediction;

namespace Sommelier.RouterBenchmark.Outcomes;

/// <summary>One question, and how well each model answered it.</summary>
internal sealed class OutcomeRow
{
    private static readonly SignalReader Reader = new(new ClassifierReader());

    private readonly Lazy<RequestSignals> signals;
    private readonly Lazy<LabelledPrompt> labelled;

    public OutcomeRow(string id, string? prompt, string? stem, IReadOnlyList<string> task, double[] scores, double[]? costs)
    {
        (Id, Prompt, Task, Scores, Costs) = (id, prompt, task, scores, costs);
        Question = QuestionStem.Hash(stem ?? QuestionStem.Of(prompt, id));
        signals = new(() => Reader.Read(Outline(prompt ?? ""), CallerHints.None));
        labelled = new(() => new(prompt is null ? PromptFeatures.None : PromptFeatures.Read(Cut(prompt)), task, scores, Question));
    }

    /// <summary>Its name in its file.</summary>
    public string Id { get; }

    /// <summary>What was asked, or null where the file does not say.</summary>
    public string? Prompt { get; }

    /// <summary>The kind of task, from coarse to fine.</summary>
    public IReadOnlyList<string> Task { get; }

    /// <summary>One per model of the set, 0 to 1, in its order.</summary>
    public double[] Scores { get; }

    /// <summary>USD per model, in the same order; null where nobody knows.</summary>
    public double[]? Costs { get; }

    /// <summary>The same for every copy of the question.</summary>
    public ulong Question { get; }

    /// <summary>What the gateway would see of it as a request of one user turn.</summary>
    public RequestSignals Signals => signals.Value;

    /// <summary>The same as a predictor sees it.</summary>
    public LabelledPrompt Labelled => labelled.Value;

    // What the wire's readers keep of a turn.
    private static string Cut(string text) =>
        text.Length <= ConversationTail.MaxCharacters ? text : string.Concat(text.AsSpan(0, 3_000), text.AsSpan(text.Length - 1_000));

    private static RequestOutline Outline(string prompt)
    {
        var bytes = Encoding.UTF8.GetByteCount(prompt);
        return new()
        {
            Model = "auto",
            MessageCount = 1,
            TextBytes = bytes,
            NonAsciiBytes = bytes - prompt.Count(char.IsAscii),
            Tail = new("", Cut(prompt), "", ""),
        };
    }
}

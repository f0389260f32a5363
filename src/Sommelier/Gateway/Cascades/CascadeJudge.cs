using System.Buffers;
using System.Text;
using Sommelier.Canonical;
using Sommelier.Catalog;
using Sommelier.Judging;
using Sommelier.Routing.Cascading;
using Sommelier.Upstream;
using Sommelier.Wire;

namespace Sommelier.Gateway.Cascades;

/// <summary>A judge's opinion of an answer: the words, the fences and the reading of verdicts are those of the judges of evaluations.</summary>
internal sealed class CascadeJudge
{
    private const string UsualCriterion = "It does what the conversation asks for, in the language, length and form that were asked for, and says nothing false.";

    // The end of a conversation says what is asked; a judge's input is bounded.
    private const int MostLetters = 24_000;

    private static readonly IWireFormat Format = WireFormats.Get("openai-chat");

    private readonly JudgeFence fence;
    private readonly string judged;
    private readonly double least;

    /// <param name="settings">What is looked for, and how much of it must be found.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="answer">What was answered.</param>
    /// <param name="judge">Who judges.</param>
    /// <param name="requestId">The request's id.</param>
    /// <param name="now">The moment.</param>
    public CascadeJudge(CascadeSettings settings, ChatRequest request, string answer, Deployment judge, string requestId, DateTimeOffset now)
    {
        var (task, criterion) = (Task(request), settings.Criterion ?? UsualCriterion);
        fence = new(Rubric.Criterion.Task, task, criterion, answer);
        judged = $"{task}\n{criterion}\n{answer}";
        least = settings.JudgeMin;
        var question = new ChatRequest
        {
            OriginalModel = judge.Id,
            Format = Format.Name,
            SystemInstructions = [new TextPart(Rubric.Criterion.System(fence))],
            Messages = [new Message(Role.User, [new TextPart(Rubric.Criterion.User(fence, task, criterion, answer))])],
            MaxOutputTokens = CascadePlan.JudgeOutputTokens,
            Sampling = new() { Temperature = 0 },
        };
        var body = new ArrayBufferWriter<byte>();
        Format.Requests.Write(question, new() { Model = judge.Id, Quirks = WireQuirks.Default }, body, []);
        Call = new()
        {
            Format = Format,
            Body = body.WrittenMemory,
            Outline = Format.Requests.Outline(body.WrittenSpan, default),
            Reply = new() { FallbackId = requestId, Model = judge.Id, Created = now },
        };
    }

    /// <summary>The question.</summary>
    public InboundCall Call { get; }

    /// <summary>Whether a judge's reply lets the answer pass. One without a verdict does not.</summary>
    public bool Passes(ReadOnlySpan<byte> reply)
    {
        var text = CheckedAnswer.Of(Format.Responses.Read(reply, WireQuirks.Default)).Text;
        return JudgeVerdict.Last(text, fence.Code, judged) is { } verdict && verdict.Score >= least;
    }

    private static string Task(ChatRequest request)
    {
        var text = new StringBuilder();
        foreach (var tool in request.Tools)
        {
            text.Append(text.Length > 0 ? "\n\n" : "").Append("tool ").Append(tool.Name).Append(": ").Append(tool.Description).Append(' ').Append(tool.ParametersSchema);
        }

        Add("system", request.SystemInstructions);
        foreach (var message in request.Messages)
        {
            Add(EnumNames<Role>.Of(message.Role), message.Parts);
        }

        if (text.Length <= MostLetters)
        {
            return text.ToString();
        }

        var from = text.Length - MostLetters;
        from += char.IsLowSurrogate(text[from]) ? 1 : 0;
        return text.ToString(from, text.Length - from);

        void Add(string who, IReadOnlyList<ContentPart> parts)
        {
            var said = string.Concat(parts.OfType<TextPart>().Select(static part => part.Text));
            if (said.Length > 0)
            {
                text.Append(text.Length > 0 ? "\n\n" : "").Append(who).Append(": ").Append(said);
            }
        }
    }
}

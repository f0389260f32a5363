using System.Text;
using Sommelier.Canonical;
using Sommelier.Wire.Citations;

namespace Sommelier.Upstream;

/// <summary>Checks a streamed answer against its form: by its first characters, and whole before its finish reason is told.</summary>
/// <remarks>
/// The stream is not held back for it: who streams wants the answer as it is made, and could not tell a late answer from a
/// dead one. What is no JSON from its first character on fails before anything was committed, so that somebody else can
/// answer; a violation further down breaks the stream, which then has no finish reason and no end mark. The code fence that
/// some models put around their JSON is taken off, as it is off whole answers.
/// </remarks>
/// <param name="form">The form.</param>
/// <param name="toolsOffered">Whether the model may say something before it calls a tool.</param>
/// <param name="unfences">Whether a code fence may be taken off: the answer is written anew then, which several at once cannot be.</param>
internal sealed class StreamedForm(AnswerForm form, bool toolsOffered, bool unfences)
{
    private readonly StreamedFence fence = new(unfences);
    private StringBuilder? text = new();
    private int last = -1;
    private bool begun;

    /// <summary>Whether nothing is left to be checked: the answer is good, or need not have the form.</summary>
    public bool IsJudged => text is null;

    /// <summary>Whether text has come of which it is not known whether it stands in a fence.</summary>
    public bool IsUndecided => last >= 0 && text is not null && fence.IsFenced is null;

    /// <summary>Whether the answer's text stands in a fence, which is taken off.</summary>
    public bool IsFenced => fence.IsFenced == true;

    /// <summary>Whether some of the answer itself has come.</summary>
    public bool HasBegun => begun;

    /// <summary>Whether the answer that is judged must have begun before anything counts as one: another of several may come first.</summary>
    public bool WaitsForText => IsFenced || !unfences;

    /// <summary>Takes a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="output">Takes the steps that the caller is to get for it, of all that came so far.</param>
    /// <returns>What is wrong, once it is known; null otherwise.</returns>
    public UpstreamFailure? Take(ChatDelta step, ICollection<ChatDelta> output)
    {
        var failure = Judge(step, output);
        if (step is CitationDelta { Citation: { End: not null } placed } cited && fence.Cut > 0)
        {
            output.Add(cited with { Citation = UrlCitations.Moved(placed, -fence.Cut, text?.Length ?? int.MaxValue) });
        }
        else if (step is not TextDelta)
        {
            output.Add(step);
        }

        return failure;
    }

    private UpstreamFailure? Judge(ChatDelta step, ICollection<ChatDelta> output)
    {
        switch (step)
        {
            case TextDelta more:
                last = more.Index;
                return text is null ? Say(more.Text, output) : Add(fence.Add(more.Text), output);
            case ToolCallStartDelta or RefusalDelta when text is not null:
                text = null;
                return Say(fence.End(), output);
            case FinishDelta finish when text is not null && !AnswerForm.IsBound(finish.Reason):
                text = null;
                return Say(fence.End(), output);
            case PartEndDelta when IsUndecided:
                return Add(fence.End(), output);
            case FinishDelta or EndDelta when text is not null:
                if ((IsFenced && !fence.IsClosed ? AnswerForm.NotJson : Add(fence.End(), output)) is { } wrong)
                {
                    return wrong;
                }

                var whole = text.ToString();
                text = null;
                return form.Check(whole);
            default:
                return null;
        }
    }

    private UpstreamFailure? Add(string more, ICollection<ChatDelta> output)
    {
        if (!begun && !toolsOffered && !form.MayBegin(more))
        {
            return AnswerForm.NotJson;
        }

        begun |= !string.IsNullOrWhiteSpace(more);
        text!.Append(more);
        return text.Length > AnswerForm.MostLetters ? AnswerForm.TooLarge : Say(more, output);
    }

    private UpstreamFailure? Say(string more, ICollection<ChatDelta> output)
    {
        if (more.Length > 0)
        {
            output.Add(new TextDelta(last, more));
        }

        return null;
    }
}

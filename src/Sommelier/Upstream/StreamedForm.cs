using System.Text;
using Sommelier.Canonical;

namespace Sommelier.Upstream;

/// <summary>Checks a streamed answer against its form: by its first characters, and whole before its finish reason is told.</summary>
/// <remarks>
/// The stream is not held back for it: who streams wants the answer as it is made, and could not tell a late answer from a
/// dead one. What is no JSON from its first character on fails before anything was committed, so that somebody else can
/// answer; a violation further down breaks the stream, which then has no finish reason and no end mark.
/// </remarks>
/// <param name="form">The form.</param>
/// <param name="toolsOffered">Whether the model may say something before it calls a tool.</param>
internal sealed class StreamedForm(AnswerForm form, bool toolsOffered)
{
    private StringBuilder? text = new();
    private bool begun;

    /// <summary>Whether nothing is left to be checked: the answer is good, or need not have the form.</summary>
    public bool IsJudged => text is null;

    /// <summary>Takes a step.</summary>
    /// <returns>What is wrong, once it is known; null otherwise.</returns>
    public UpstreamFailure? Take(ChatDelta step)
    {
        switch (step)
        {
            case TextDelta more when text is not null:
                return Add(more.Text);
            case ToolCallStartDelta or RefusalDelta:
                text = null;
                return null;
            case FinishDelta finish when !AnswerForm.IsBound(finish.Reason):
                text = null;
                return null;
            case FinishDelta or EndDelta when text is not null:
                var whole = text.ToString();
                text = null;
                return form.Check(whole);
            default:
                return null;
        }
    }

    private UpstreamFailure? Add(string more)
    {
        if (!begun && !toolsOffered && !AnswerForm.MayBegin(more))
        {
            return AnswerForm.NotJson;
        }

        begun |= !string.IsNullOrWhiteSpace(more);
        text!.Append(more);
        return text.Length > AnswerForm.MostLetters ? AnswerForm.TooLarge : null;
    }
}

using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire.LangGraph;

/// <summary>Reads the state in which a run ended: its last message is the answer, a tool's too when the graph ends with it and no call waits.</summary>
/// <remarks>What a graph's steps said before the last message is its own work; only the stream shows it as it is made.</remarks>
internal static class LangGraphResponseReader
{
    /// <inheritdoc cref="IResponseWire.Read"/>
    public static ChatResponse Read(ReadOnlySpan<byte> body)
    {
        using var document = LooseJson.Parse(body);
        if (document.RootElement.ValueKind != System.Text.Json.JsonValueKind.Object)
        {
            throw UpstreamException.Protocol("The server's answer is no state of a graph.");
        }

        var state = LangGraphState.Read(document.RootElement);
        if (state.Direct.Count > 0)
        {
            return new ChatResponse { Parts = state.Direct, FinishReason = new(FinishReasonKind.Stop), Usage = state.Usage };
        }

        if (state.Answer is not { } answer)
        {
            throw new UpstreamException(new(UpstreamFailureKind.EmptyAnswer, "The graph ended without a message of the model."));
        }

        IReadOnlyList<ContentPart> parts = [.. answer.Content(), .. state.Beside, .. state.Calls];
        return parts.Count == 0
            ? throw new UpstreamException(new(UpstreamFailureKind.EmptyAnswer, "The graph's last message is empty."))
            : new ChatResponse
            {
                Id = answer.Id is { Length: > 0 } id ? id : null,
                ResponseModel = answer.Model,
                Parts = parts,
                FinishReason = answer.Finish(state.Calls.Count > 0),
                Usage = state.Usage,
            };
    }
}

using Sommelier.Canonical;
using Sommelier.Wire.Json;

namespace Sommelier.Wire;

/// <summary>
/// The settings of a request that mean nothing to a finished application (an agent's graph, a Dify app): its maker chose
/// the model, the tools and how tokens are drawn. One warning each, named as the caller wrote it.
/// </summary>
internal static class UnusedSettings
{
    /// <summary>Warns of every setting that the caller gave.</summary>
    /// <param name="request">The caller's request.</param>
    /// <param name="why">The reason, in a few words.</param>
    /// <param name="warnings">Takes the losses.</param>
    public static void Warn(ChatRequest request, string why, ICollection<Warning> warnings)
    {
        var sampling = request.Sampling;
        var isMessages = string.Equals(request.Format, AnthropicMessages.AnthropicMessagesFormat.FormatName, StringComparison.Ordinal);
        Note(request.MaxOutputTokens is not null, "max_tokens");
        Note(sampling.Temperature is not null, "temperature");
        Note(sampling.TopP is not null, "top_p");
        Note(sampling.TopK is not null, "top_k");
        Note(sampling.FrequencyPenalty is not null, "frequency_penalty");
        Note(sampling.PresencePenalty is not null, "presence_penalty");
        Note(sampling.Seed is not null, "seed");
        Note(sampling.Stop.Count > 0, isMessages ? "stop_sequences" : "stop");
        Note(sampling.Choices > 1, "n");
        Note(sampling.LogProbs is true, "logprobs");
        Note(sampling.TopLogProbs is not null, "top_logprobs");
        Note(sampling.LogitBias is not null, "logit_bias");
        Note(request.Tools.Count > 0, "tools");
        Note(request.ToolChoice is not null, "tool_choice");
        Note(request.ParallelToolCalls is not null, "parallel_tool_calls");
        Note(request.ResponseFormat is { Kind: not ResponseFormatKind.Text }, "response_format");
        Note(request.Reasoning is not null, isMessages ? "thinking" : "reasoning_effort");
        Extras.Warn(request.Extra, "", warnings);

        void Note(bool given, string field)
        {
            if (given)
            {
                warnings.Add(new Warning("dropped", field, why));
            }
        }
    }
}

using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>What is known about a request when it is routed. Made by <see cref="SignalReader"/>, then never changed.</summary>
public sealed record RequestSignals
{
    /// <summary>What is asked of the model.</summary>
    public Operation Operation { get; internal set; }

    /// <summary>The most likely intent, also when <see cref="Abstained"/>.</summary>
    public Intent Intent { get; internal set; } = Intent.Other;

    /// <summary>The most likely group of intents.</summary>
    public IntentGroup Group { get; internal set; } = IntentGroup.Chat;

    /// <summary>The calibrated probability of <see cref="Intent"/>, 0 to 1.</summary>
    public double Confidence { get; internal set; }

    /// <summary>The calibrated probability of <see cref="Group"/>, 0 to 1.</summary>
    public double GroupConfidence { get; internal set; }

    /// <summary>True when the classifier does not stand by <see cref="Intent"/>: routing then acts on groups at most.</summary>
    public bool Abstained { get; internal set; } = true;

    /// <summary>The probability of every intent, in the order of <see cref="Canonical.Intent"/>; empty when nothing classified.</summary>
    public IReadOnlyList<float> Distribution { get; internal set; } = [];

    /// <summary>The script of the last user turn.</summary>
    public Script Script { get; internal set; }

    /// <summary>Input tokens, estimated from bytes and media.</summary>
    public int InputTokens { get; internal set; }

    /// <summary>Of <see cref="InputTokens"/>, those that stand for media.</summary>
    public int MediaTokens { get; internal set; }

    /// <summary>Tokens of the answer that are expected, all choices together, reasoning apart.</summary>
    public int ExpectedOutputTokens { get; internal set; }

    /// <summary>Reasoning tokens that the effort asked for is expected to add, for models that reason.</summary>
    public int ExpectedReasoningTokens { get; internal set; }

    /// <summary>The upper bound of generated tokens that the caller set, or null.</summary>
    public int? MaxOutputTokens { get; internal set; }

    /// <summary>How many answers are asked for.</summary>
    public int Choices { get; internal set; } = 1;

    /// <summary>Whether the answer is wanted as it is made.</summary>
    public bool Stream { get; internal set; }

    /// <summary>The kinds of media in the request.</summary>
    public MediaKind Media { get; internal set; }

    /// <summary>How many tools are on offer.</summary>
    public int ToolCount { get; internal set; }

    /// <summary>Whether the conversation has tool calls or results.</summary>
    public bool ToolsUsed { get; internal set; }

    /// <summary>How free the model is to call tools; null when not said.</summary>
    public ToolChoiceMode? ToolChoice { get; internal set; }

    /// <summary>Whether this is a step of an agent's loop: the last message is a tool's answer.</summary>
    public bool ToolLoop { get; internal set; }

    /// <summary>Whether the asker asks again or says that the last answer is wrong; false where no policy has to know.</summary>
    public bool Repeated { get; internal set; }

    /// <summary>How often the tool loop has made its last call with the same arguments; 0 outside of one, and where no policy has to know.</summary>
    public int Stalled { get; internal set; }

    /// <summary>The form of the answer that is asked for.</summary>
    public ResponseFormatKind ResponseFormat { get; internal set; }

    /// <summary>The reasoning effort asked for; null when not said.</summary>
    public ReasoningEffort? ReasoningEffort { get; internal set; }

    /// <summary>How the caller asks to be served, see <see cref="Usage.ServiceTier"/>; null for the usual way.</summary>
    public string? ServiceTier { get; internal set; }

    /// <summary>Where the call is to be held to, see <see cref="Usage.InferenceGeo"/>; null for anywhere.</summary>
    public string? InferenceGeo { get; internal set; }

    /// <summary>How many messages there are, system ones included.</summary>
    public int MessageCount { get; internal set; }

    /// <summary>Whether the caller began the answer.</summary>
    public bool Prefill { get; internal set; }

    /// <summary>Tokens of the prefix that a provider's cache may hold, estimated.</summary>
    public int CacheableTokens { get; internal set; }

    /// <summary>0 (easy) to 1 (hard), from length and structure alone, or by a predictor that the configuration names. Shown; no built-in policy acts on it.</summary>
    public double Difficulty { get; internal set; }

    /// <summary>The same for every request of a conversation: the caller's session, else the prefix.</summary>
    public ulong ConversationKey { get; internal set; }

    /// <summary>A hash of what the request says, so that two requests with equal signals have two decisions.</summary>
    public ulong ContentHash { get; internal set; }
}

namespace Sommelier.Wire;

/// <summary>How a vendor's replies tell callers what is left of their limits.</summary>
public enum RateLimitDialect
{
    /// <summary>They do not.</summary>
    None,

    /// <summary><c>x-ratelimit-*</c>, with the time until a reset as a duration.</summary>
    OpenAI,

    /// <summary><c>anthropic-ratelimit-*</c>, with the moment of a reset.</summary>
    Anthropic,
}

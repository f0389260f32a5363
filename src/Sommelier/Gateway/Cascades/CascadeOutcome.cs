namespace Sommelier.Gateway.Cascades;

/// <summary>What became of a cheap model's first answer. The list is closed.</summary>
internal enum CascadeOutcome
{
    /// <summary>It passed every check, and is the answer.</summary>
    Passed,

    /// <summary>It had not the form that the caller asked for.</summary>
    Schema,

    /// <summary>It did not match the policy's expression.</summary>
    Regex,

    /// <summary>It was cut off where the cascade's allowance ends.</summary>
    Length,

    /// <summary>The model did not agree with itself.</summary>
    Agree,

    /// <summary>The judge did not let it pass, or said nothing.</summary>
    Judge,

    /// <summary>It and its checks took longer than they may.</summary>
    Late,

    /// <summary>There was none: the call failed, or the model refused or a filter cut it.</summary>
    Failed,
}

namespace Sommelier.Wire.OpenAIResponses;

/// <summary>How far an answer is.</summary>
internal enum ResponsesStatus
{
    /// <summary>Whole; also where a server does not say.</summary>
    Completed,

    /// <summary>Cut short by a limit or a filter.</summary>
    Incomplete,

    /// <summary>Failed or canceled.</summary>
    Failed,

    /// <summary>Waiting or being made.</summary>
    Pending,
}

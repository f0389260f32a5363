namespace Sommelier.Wire.OpenAIResponses;

/// <summary>The events that we tell apart.</summary>
internal enum ResponsesEventKind
{
    /// <summary>One that only the vendor knows: steps of its own tools.</summary>
    Other,

    /// <summary><c>response.created</c>, <c>response.in_progress</c> or <c>response.queued</c>.</summary>
    Begun,

    /// <summary><c>response.output_item.added</c>.</summary>
    ItemAdded,

    /// <summary><c>response.output_item.done</c>.</summary>
    ItemDone,

    /// <summary>An event that repeats what others say: content parts that begin and end, parts of summaries.</summary>
    Frame,

    /// <summary><c>response.output_text.delta</c>.</summary>
    TextDelta,

    /// <summary><c>response.output_text.done</c>.</summary>
    TextDone,

    /// <summary><c>response.refusal.delta</c>.</summary>
    RefusalDelta,

    /// <summary><c>response.refusal.done</c>.</summary>
    RefusalDone,

    /// <summary><c>response.function_call_arguments.delta</c>, or a custom tool's <c>response.custom_tool_call_input.delta</c>.</summary>
    ArgumentsDelta,

    /// <summary><c>response.function_call_arguments.done</c>, or a custom tool's <c>response.custom_tool_call_input.done</c>.</summary>
    ArgumentsDone,

    /// <summary><c>response.reasoning_summary_text.delta</c>.</summary>
    SummaryDelta,

    /// <summary><c>response.reasoning_text.delta</c>.</summary>
    ThinkingDelta,

    /// <summary><c>response.completed</c> or <c>response.incomplete</c>: the end mark.</summary>
    Ended,

    /// <summary><c>response.failed</c>.</summary>
    Failed,

    /// <summary><c>error</c>.</summary>
    Error,
}

using Sommelier.Canonical;

namespace Sommelier.Routing;

/// <summary>Everything that conditions may ask about. A new one is a line here.</summary>
internal static class ConditionFields
{
    private static readonly string[] MediaWords = ["image", "audio", "video", "document"];

    public static IReadOnlyList<ConditionField> All { get; } =
    [
        new WordField("intent", "What is asked for; unknown when the classifier abstains", Intents.Names, i => i.Signals.Abstained ? null : i.Signals.Intent.Name()),
        new WordField("likely_intent", "The most likely intent, also when the classifier abstains", Intents.Names, i => i.Signals.Intent.Name()),
        new WordField("group", "The most likely group of intents", Intents.GroupNames, i => i.Signals.Group.Name()),
        new NumberField("confidence", "How sure the classifier is of the intent, 0 to 1", i => i.Signals.Confidence),
        new NumberField("group_confidence", "How sure it is of the group, 0 to 1", i => i.Signals.GroupConfidence),
        new FlagField("abstained", "Whether the classifier does not stand by the intent", i => i.Signals.Abstained),
        new NumberField("difficulty", "0 (easy) to 1 (hard)", i => i.Signals.Difficulty),
        new NumberField("input_tokens", "Tokens of the request, estimated", i => i.Signals.InputTokens),
        new NumberField("output_tokens", "Tokens that the answer is expected to have", i => i.Signals.ExpectedOutputTokens),
        new NumberField("max_output_tokens", "The limit that the caller set; unknown when it set none", i => i.Signals.MaxOutputTokens),
        new NumberField("cacheable_tokens", "Tokens of the prefix that a provider's cache may hold", i => i.Signals.CacheableTokens),
        new NumberField("messages", "How many messages there are", i => i.Signals.MessageCount),
        new NumberField("choices", "How many answers are asked for", i => i.Signals.Choices),
        new FlagField("stream", "Whether the answer is wanted as it is made", i => i.Signals.Stream),
        new NumberField("tools", "How many tools are offered", i => i.Signals.ToolCount),
        new FlagField("tools_used", "Whether the conversation has tool calls", i => i.Signals.ToolsUsed),
        new FlagField("tool_loop", "Whether the last message is a tool's answer", i => i.Signals.ToolLoop),
        new WordsField("media", "What the request holds besides text", MediaWords, (i, word) => i.Signals.Media.HasFlag(Media(word))),
        new WordField("format", "The form of answer asked for", ["text", "json_object", "json_schema"], i => EnumNames<ResponseFormatKind>.Of(i.Signals.ResponseFormat)),
        new WordField("reasoning_effort", "How much thinking is asked for; unknown when nothing is said", NamesOf<ReasoningEffort>(), i => i.Signals.ReasoningEffort is { } e ? EnumNames<ReasoningEffort>.Of(e) : null, Ordered: true),
        new WordField("script", "The letters of the last user turn", NamesOf<Script>(), i => EnumNames<Script>.Of(i.Signals.Script)),
        new WordField("model", "The model name that the caller sent", [], i => i.Model),
        new WordsField("tags", "The tags that the caller sent", [], (i, tag) => i.Hints.Tags.Contains(tag, StringComparer.Ordinal)),
        new WordField("data", "How delicate the caller says that the request is; unknown when it says nothing", NamesOf<DataClass>(), i => i.Hints.Data is { } d ? EnumNames<DataClass>.Of(d) : null, Ordered: true),
        new WordField("session", "The conversation's id that the caller sent; unknown when it sent none", [], i => i.Hints.Session),
        new WordField("caller.key", "The name of the caller's key; unknown without a key of the store", [], i => i.Caller.Key),
        new WordField("caller.team", "The name of its team", [], i => i.Caller.Team),
        new WordField("caller.organisation", "The name of its organisation", [], i => i.Caller.Organisation),
        new TimeField("time", "The time of day, in policies.time_zone", i => (int)i.LocalTime.TimeOfDay.TotalMinutes),
        new WordField("weekday", "The day of the week, in policies.time_zone", ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], i => Weekday(i.LocalTime.DayOfWeek)),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(field => field.Name)];

    public static ConditionField? Find(string name) => All.FirstOrDefault(field => string.Equals(field.Name, name, StringComparison.Ordinal));

    private static string[] NamesOf<T>()
        where T : struct, Enum => Array.ConvertAll(Enum.GetValues<T>(), EnumNames<T>.Of);

    private static MediaKind Media(string word) => (MediaKind)(1 << Array.IndexOf(MediaWords, word));

    private static string Weekday(DayOfWeek day) => day switch
    {
        DayOfWeek.Monday => "mon",
        DayOfWeek.Tuesday => "tue",
        DayOfWeek.Wednesday => "wed",
        DayOfWeek.Thursday => "thu",
        DayOfWeek.Friday => "fri",
        DayOfWeek.Saturday => "sat",
        _ => "sun",
    };
}

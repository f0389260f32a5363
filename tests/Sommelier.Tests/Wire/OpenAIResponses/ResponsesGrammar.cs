using System.Text.Json;

namespace Sommelier.Tests.Wire.OpenAIResponses;

/// <summary>The rules that a written stream must keep, as strict clients check them.</summary>
internal static class ResponsesGrammar
{
    /// <summary>What is wrong with a stream; empty for nothing.</summary>
    public static List<string> Faults(string stream)
    {
        var faults = new List<string>();
        var open = new Dictionary<int, string>();
        var done = new SortedDictionary<int, string>();
        var texts = new Dictionary<(int, int), string>();
        var number = 0;
        var ended = false;
        foreach (var block in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n');
            if (lines.Length != 2 || !lines[0].StartsWith("event: ", StringComparison.Ordinal) || !lines[1].StartsWith("data: ", StringComparison.Ordinal))
            {
                faults.Add($"not an event: {block}");
                continue;
            }

            using var document = JsonDocument.Parse(lines[1][6..]);
            var step = document.RootElement;
            var type = step.GetProperty("type").GetString()!;
            Check(type == lines[0][7..], "the event's name is not its type");
            Check(step.GetProperty("sequence_number").GetInt32() == number, $"number {number} is missing");
            Check(!ended, "something follows the end");
            Check(number != 0 || type == "response.created", "it does not begin with response.created");
            Check(number != 1 || type == "response.in_progress", "response.in_progress does not come second");
            number++;
            var output = step.TryGetProperty("output_index", out var place) ? place.GetInt32() : -1;
            var part = step.TryGetProperty("content_index", out var content) ? content.GetInt32() : 0;
            switch (type)
            {
                case "response.output_item.added":
                    Check(output == open.Count + done.Count, $"item {output} is out of order");
                    open.Add(output, Id(step.GetProperty("item")));
                    break;
                case "response.output_item.done":
                    Check(open.Remove(output), $"item {output} was not open");
                    done[output] = step.GetProperty("item").GetRawText();
                    break;
                case "response.completed" or "response.incomplete" or "response.failed":
                    ended = true;
                    Check(open.Count == 0, "items are open at the end");
                    Check(done.Values.SequenceEqual(step.GetProperty("response").GetProperty("output").EnumerateArray().Select(item => item.GetRawText())), "the output is not the items");
                    break;
                case "response.output_text.delta" or "response.refusal.delta":
                    texts[(output, part)] = texts.GetValueOrDefault((output, part), "") + step.GetProperty("delta").GetString();
                    break;
                case "response.output_text.done" or "response.refusal.done":
                    var whole = step.GetProperty(type.Contains("refusal", StringComparison.Ordinal) ? "refusal" : "text").GetString();
                    Check(texts.GetValueOrDefault((output, part), "") == whole, "the whole text is not its pieces");
                    break;
            }

            if (step.TryGetProperty("item_id", out var id))
            {
                Check(open.TryGetValue(output, out var known) && (known.Length == 0 || known == id.GetString()), $"{type} is about an item that is not open");
            }

            void Check(bool holds, string fault)
            {
                if (!holds)
                {
                    faults.Add($"{fault}: {lines[1]}");
                }
            }
        }

        if (!ended)
        {
            faults.Add("it has no end");
        }

        return faults;

        static string Id(JsonElement item) => item.TryGetProperty("type", out var type) && type.GetString() is "message" or "reasoning" or "function_call"
            ? item.GetProperty("id").GetString()!
            : "";
    }
}

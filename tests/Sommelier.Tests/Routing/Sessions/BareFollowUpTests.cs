using System.Runtime.CompilerServices;
using System.Text.Json;
using Sommelier.Canonical;
using Sommelier.Routing.Classification;

namespace Sommelier.Tests.Routing.Sessions;

/// <summary>After turns that say nothing by themselves a conversation is still about its task, and stays with its model.</summary>
public sealed class BareFollowUpTests
{
    public static TheoryData<string> Languages => [.. Lines().Keys];

    [Theory]
    [MemberData(nameof(Languages))]
    public void The_task_outlives_two_bare_turns(string language)
    {
        var line = Lines()[language];
        var task = line.GetProperty("task").GetString()!;
        var expected = Intents.TryParse(line.GetProperty("intent").GetString()!, out var intent) ? intent : throw new FormatException(language);
        var turns = line.GetProperty("turns").EnumerateArray().Select(e => e.GetString()!).ToArray();
        var first = Conversation.Decide(Conversation.Read(task));
        Assert.Equal(expected, first.Query.Signals.Intent);

        foreach (var one in turns)
        {
            Assert.True(FollowUp.IsBare(one), one);
            foreach (var other in turns)
            {
                var signals = Conversation.Read(task, "Here it is.", one, "Here it is.", other);
                var next = Conversation.Decide(signals, Conversation.Served(first));

                Assert.True(expected == signals.Intent, $"{one} / {other}: {signals.Intent}");
                Assert.Equal(first.Ranked[0].Deployment.Id, next.Ranked[0].Deployment.Id);
            }
        }
    }

    // With the weights before these both outlived every two bare turns. Where one does again this fails, and the task goes to follow-ups.jsonl.
    [Theory]
    [InlineData(Intent.Translation, "Bu cümleyi İngilizceye çevir: vapur bu sabah sis yüzünden kalkmadı.", "evet", "devam et", "tekrar", "daha kısa", "teşekkürler, yap", "tamam")]
    [InlineData(Intent.Translation, "इस वाक्य का अंग्रेज़ी में अनुवाद करो: आज सुबह की बस देर से आई।", "हाँ", "जारी रखें", "फिर से", "छोटा", "धन्यवाद, कर दो", "ठीक है")]
    public void Known_misses_of_the_present_weights_lose_their_task_or_their_model(Intent right, string task, params string[] turns)
    {
        var first = Conversation.Decide(Conversation.Read(task));

        Assert.Contains(turns.SelectMany(one => turns.Select(other => Conversation.Read(task, "Here it is.", one, "Here it is.", other))), signals =>
            signals.Intent != right
            || !string.Equals(first.Ranked[0].Deployment.Id, Conversation.Decide(signals, Conversation.Served(first)).Ranked[0].Deployment.Id, StringComparison.Ordinal));
    }

    [Fact]
    public void A_task_is_looked_for_no_further_back_than_eight_user_turns()
    {
        string[] Turns(int bare) => ["Write a Python function that parses an INI file.", .. Enumerable.Repeat<string[]>(["Here it is.", "continue"], bare).SelectMany(t => t)];

        Assert.Equal(Intent.Coding, Conversation.Read(Turns(7)).Intent);
        Assert.Equal(6, Conversation.Outline(Turns(7)).Tail.EarlierUsers.Count);
        Assert.DoesNotContain("INI", string.Concat(Conversation.Outline(Turns(8)).Tail.EarlierUsers), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Translate it into Spanish")]
    [InlineData("스페인어로 번역해줘")]
    [InlineData("要約して")]
    public void A_short_turn_that_names_a_task_is_the_task_of_the_bare_ones_after_it(string named)
    {
        var before = Conversation.Read("Write a Python function that parses an INI file.", "Here it is.", named).Intent;

        Assert.NotEqual(Intent.Coding, before);
        Assert.Equal(before, Conversation.Read("Write a Python function that parses an INI file.", "Here it is.", named, "Here it is.", "yes").Intent);
    }

    [Fact]
    public void Nothing_is_kept_before_a_turn_that_is_long() =>
        Assert.Empty(Conversation.Outline("first", "a", new string('x', ConversationTail.ShortTurn + 1), "b", "yes").Tail.EarlierUsers);

    private static Dictionary<string, JsonElement> Lines([CallerFilePath] string here = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "follow-ups.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(line => line.GetProperty("language").GetString()!);
}

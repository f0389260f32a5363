using Sommelier.Gateway;

namespace Sommelier.Tests.Gateway;

public sealed class CallerKeysTests
{
    [Fact]
    public void A_known_key_has_an_id_and_another_has_none()
    {
        var keys = CallerKeys.Of(["one", "two", "one"]);

        Assert.Equal(2, keys.Ids.Count);
        Assert.Equal(keys.Ids[0], keys.Find("one"));
        Assert.Equal(keys.Ids[1], keys.Find("two"));
        Assert.Null(keys.Find("three"));
        Assert.Null(keys.Find(""));
        Assert.Null(keys.Find(new string('x', 100_000)));
    }

    [Fact]
    public void An_id_does_not_tell_the_key() => Assert.Matches("^key-[0-9a-f]{16}$", CallerKeys.Of(["secret"]).Ids[0]);

    [Fact]
    public void Without_keys_it_is_empty() => Assert.True(CallerKeys.None.IsEmpty);
}

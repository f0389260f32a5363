using System.Net;
using Sommelier.Canonical;
using Sommelier.Upstream.Media;

namespace Sommelier.Tests.Upstream.Media;

public sealed class MediaFetcherTests
{
    private const string Gif = "GIF89a-some-pixels";

    private static readonly FaultReply Image = new() { ContentType = "image/gif", Pieces = [Gif] };
    private static readonly MediaOptions Local = new() { Allow = ["127.0.0.1"] };

    [Fact]
    public async Task An_image_is_fetched_without_keys_or_cookies()
    {
        await using var server = new FaultServer(Image);

        var file = await FetchAsync(server.Address + "cat.gif?size=1");

        Assert.Equal("image/gif", file.MediaType);
        Assert.Equal(Gif, System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(file.Data.ToString())));
        var seen = Assert.Single(server.Requests);
        Assert.Equal("/cat.gif?size=1", seen.Path);
        Assert.Equal(["Accept", "Host", "User-Agent"], seen.Headers.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ftp://files.example/cat.gif")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("http://user:secret@127.0.0.1/cat.gif")]
    [InlineData("http://files.example:22/cat.gif")]
    [InlineData("http://10.0.0.1/cat.gif")]
    [InlineData("http://[::1]/cat.gif")]
    [InlineData("http://[::ffff:7f00:1]/cat.gif")]
    [InlineData("http://2130706434/cat.gif")]
    [InlineData("http://0x7f.2/cat.gif")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    public async Task What_is_not_a_public_web_address_is_not_asked(string address)
    {
        var refused = await RefusedAsync(address, resolve: Fail);

        Assert.DoesNotContain("secret", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_own_network_is_not_reached_and_nothing_is_told_about_it()
    {
        var inside = await RefusedAsync("http://127.0.0.1/", new MediaOptions(), Fail);
        var rebinding = await RefusedAsync("http://rebind.example/", new MediaOptions(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.1")]));
        var unknown = await RefusedAsync("http://nowhere.example/", new MediaOptions(), Fail);

        Assert.Equal(inside, rebinding);
        Assert.Equal(inside, unknown);
    }

    [Fact]
    public async Task One_private_address_among_public_ones_spoils_the_name()
    {
        var refused = await RefusedAsync(
            "http://mixed.example/", new MediaOptions(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("192.0.2.1"), IPAddress.Parse("8.8.8.8")]));

        Assert.Equal(MediaRefusedException.Unreachable().Message, refused);
    }

    [Fact]
    public async Task A_name_is_resolved_once_and_the_checked_address_is_the_one_that_is_called()
    {
        await using var server = new FaultServer(Image);
        var asked = 0;
        using var fetcher = new MediaFetcher(
            TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([++asked == 1 ? IPAddress.Loopback : IPAddress.Parse("192.0.2.1")]));

        await fetcher.FetchAsync(
            $"http://files.example:{server.Address.Port}/", MediaKind.Image, new() { Allow = ["files.example"] }, new(long.MaxValue), TestContext.Current.CancellationToken);

        Assert.Equal(1, asked);
        Assert.StartsWith("files.example", Assert.Single(server.Requests).Headers["Host"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_followed()
    {
        await using var server = new FaultServer(To("/other.gif"), Image);

        var file = await FetchAsync(server.Address.ToString());

        Assert.Equal("image/gif", file.MediaType);
        Assert.Equal("/other.gif", server.Requests[1].Path);
    }

    [Theory]
    [InlineData("http://10.0.0.1/secret")]
    [InlineData("http://localhost/secret")]
    [InlineData("http://127.0.0.2/secret")]
    [InlineData("file:///etc/passwd")]
    [InlineData("http://me:pw@127.0.0.1/")]
    [InlineData("http://")]
    [InlineData("")]
    [InlineData("//[")]
    public async Task A_redirect_into_the_own_network_is_not_followed(string target)
    {
        await using var server = new FaultServer(To(target), Image);

        await RefusedAsync(server.Address.ToString(), Local, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_fourth_redirect_is_one_too_many()
    {
        await using var server = new FaultServer(To("/again"));

        await RefusedAsync(server.Address.ToString());

        Assert.Equal(4, server.Requests.Count);
    }

    [Theory]
    [InlineData(BodyFraming.ContentLength)]
    [InlineData(BodyFraming.Chunked)]
    [InlineData(BodyFraming.Close)]
    public async Task A_file_that_is_too_large_is_refused_however_it_is_framed(BodyFraming framing)
    {
        await using var server = new FaultServer(Image with { Framing = framing, Pieces = [Gif, new string('x', 5000)] });

        Assert.Contains("larger than 4096 bytes", await RefusedAsync(server.Address.ToString(), Local with { MaxBytes = 4096 }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_server_is_not_waited_for()
    {
        await using var server = new FaultServer(Image with { Framing = BodyFraming.Chunked, End = FaultEnd.Hang });

        Assert.Contains("did not come within", await RefusedAsync(server.Address.ToString(), Local with { Timeout = TimeSpan.FromMilliseconds(300) }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_fetch()
    {
        await using var server = new FaultServer(FaultReply.Nothing);
        using var caller = new CancellationTokenSource();
        using var fetcher = new MediaFetcher(TimeProvider.System);
        var fetch = fetcher.FetchAsync(server.Address.ToString(), MediaKind.Image, Local, new(long.MaxValue), caller.Token);
        await server.RequestAsync(0);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
    }

    public static TheoryData<FaultReply> BadReplies =>
    [
        FaultReply.Html(200),
        FaultReply.Html(404),
        Image with { Pieces = ["<svg/>"] },
        Image with { ContentType = "text/html" },
        Image with { DeclaredLength = 100, End = FaultEnd.Cut },
        FaultReply.ResetAtOnce,
    ];

    [Theory]
    [MemberData(nameof(BadReplies), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_whole_image_is_refused(FaultReply reply)
    {
        await using var server = new FaultServer(reply);

        await RefusedAsync(server.Address.ToString());
    }

    private static FaultReply To(string target) =>
        new() { Status = 302, Headers = [KeyValuePair.Create("Location", target)] };

    private static Task<IPAddress[]> Fail(string host, CancellationToken cancellationToken) => throw new System.Net.Sockets.SocketException(11001);

    [Theory]
    [InlineData(BodyFraming.ContentLength)]
    [InlineData(BodyFraming.Chunked)]
    public async Task Holds_room_for_what_came_until_the_file_is_let_go(BodyFraming framing)
    {
        await using var server = new FaultServer(Image with { Framing = framing });
        using var fetcher = new MediaFetcher(TimeProvider.System);

        var file = await fetcher.FetchAsync(server.Address.ToString(), MediaKind.Image, Local, new(long.MaxValue), TestContext.Current.CancellationToken);
        Assert.Equal(Gif.Length, fetcher.Room.Used);
        file.Dispose();
        file.Dispose();
        Assert.Equal(0, fetcher.Room.Used);
    }

    [Fact]
    public async Task Holds_nothing_after_a_refusal()
    {
        await using var server = new FaultServer(Image);
        using var fetcher = new MediaFetcher(TimeProvider.System);

        await Assert.ThrowsAsync<MediaRefusedException>(
            () => fetcher.FetchAsync(server.Address.ToString(), MediaKind.Audio, Local, new(long.MaxValue), TestContext.Current.CancellationToken));

        Assert.Equal(0, fetcher.Room.Used);
    }

    [Fact]
    public async Task Without_room_it_waits_as_long_as_a_file_may_take_and_then_says_so()
    {
        await using var server = new FaultServer(Image);
        using var fetcher = new MediaFetcher(TimeProvider.System);
        var tight = Local with { MaxBytesInFlight = Gif.Length, Timeout = TimeSpan.FromMilliseconds(300) };
        var held = await fetcher.FetchAsync(server.Address.ToString(), MediaKind.Image, tight, new(long.MaxValue), TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<MediaRefusedException>(
            () => fetcher.FetchAsync(server.Address.ToString(), MediaKind.Image, tight, new(long.MaxValue), TestContext.Current.CancellationToken));
        var waiting = fetcher.FetchAsync(server.Address.ToString(), MediaKind.Image, tight with { Timeout = TimeSpan.FromMinutes(1) }, new(long.MaxValue), TestContext.Current.CancellationToken);
        await server.RequestAsync(2);
        held.Dispose();

        Assert.True(refused.IsBusy);
        Assert.Equal("the gateway holds as much media as it may, and no room came within 0.3 s", refused.Message);
        (await waiting).Dispose();
        Assert.Equal(0, fetcher.Room.Used);
    }

    private static async Task<FetchedFile> FetchAsync(string address)
    {
        using var fetcher = new MediaFetcher(TimeProvider.System);
        return await fetcher.FetchAsync(address, MediaKind.Image, Local, new(long.MaxValue), TestContext.Current.CancellationToken);
    }

    private static async Task<string> RefusedAsync(string address, MediaOptions? options = null, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        using var fetcher = new MediaFetcher(TimeProvider.System, resolve);
        var refused = await Assert.ThrowsAsync<MediaRefusedException>(
            () => fetcher.FetchAsync(address, MediaKind.Image, options ?? Local, new((options ?? Local).MaxCallBytes), TestContext.Current.CancellationToken));
        return refused.Message;
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using TrafficDispatch.Service.Pages.Data;

namespace TrafficDispatch.Service.Pages.Live;

/// <summary>
/// Keeps one page live by server-sent events: a state when there is a new one, a pulse with each heartbeat otherwise. It holds one snapshot while a write waits for the
/// reader, and goes on with the newest one after it; who reads nothing at all is ended by Kestrel's least rate.
/// </summary>
/// <remarks>Format: WHATWG HTML, server-sent events. The id of a state is its snapshot's; a page that comes back with it is not sent that state again.</remarks>
internal sealed class PageStream(PageHub hub, PageDesk desk, Visitor visitor)
{
    private const int RetryMilliseconds = 3000;

    /// <summary>Runs until the reader or the process ends it.</summary>
    /// <param name="http">The request; its response has no body yet.</param>
    public async Task RunAsync(HttpContext http)
    {
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, hub.Stopping);
        string held = http.Request.Headers["Last-Event-ID"].ToString();
        // A pulse follows each state, also one that the page held before it came back.
        long beats = -1;
        try
        {
            await WriteAsync(http, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {RetryMilliseconds}\n")), "hello", Hello(), both.Token);
            while (!both.IsCancellationRequested)
            {
                Task news = hub.News;
                PageSnapshot latest = await hub.LatestAsync().WaitAsync(both.Token);
                if (latest.Moment.Id != held)
                {
                    held = latest.Moment.Id;
                    await WriteAsync(http, Encoding.ASCII.GetBytes($"id: {held}\n"), "state", latest.For(visitor).Bytes, both.Token);
                    beats = -1;
                    continue;
                }
                if (hub.Beats != beats) await WriteAsync(http, default, "pulse", desk.Pulse(), both.Token);
                beats = hub.Beats;
                await news.WaitAsync(both.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The page has gone, or the process goes: the stream just ends, and the page comes back by itself.
        }
    }

    private byte[] Hello() => JsonBytes.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("name", visitor.Name);
        json.WriteBoolean("all", visitor.SeesAll);
        json.WriteBoolean("here", visitor.IsHere);
        json.WriteEndObject();
    });

    // JSON of ours has no line ends: one line of data holds it.
    private static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> before, string name, byte[] data, CancellationToken token)
    {
        System.IO.Pipelines.PipeWriter body = http.Response.BodyWriter;
        body.Write(before.Span);
        body.Write(Encoding.ASCII.GetBytes($"event: {name}\ndata: "));
        await body.WriteAsync(data, token);
        body.Write("\n\n"u8);
        await body.FlushAsync(token);
    }
}

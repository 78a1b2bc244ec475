using System.Reflection;
using Microsoft.Extensions.Logging;

namespace TrafficDispatch.Service.Tests.Telemetry;

public sealed class LogEventTests
{
    /// <summary>Whoever looks an event up finds one meaning.</summary>
    [Fact]
    public void EventIds_OfAllMessages_StandForOneEach()
    {
        var events = typeof(ServiceApplication).Assembly.GetTypes()
            .SelectMany(static t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(static m => (Method: $"{m.DeclaringType!.Name}.{m.Name}", Attribute: m.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(static e => e.Attribute is not null)
            .ToLookup(static e => e.Attribute!.EventId, static e => e.Method);
        Assert.True(events.Count > 50);
        Assert.Equal([], events.Where(static e => e.Count() > 1).Select(static e => $"{e.Key}: {string.Join(", ", e)}"));
    }
}

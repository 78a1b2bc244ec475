using TrafficDispatch.Solve.Billing;

namespace TrafficDispatch.Service.Publish;

/// <summary>Calendar months in five-minute slots, UTC. Pure.</summary>
internal static class BillingClock
{
    /// <summary>Length of a slot.</summary>
    public static readonly TimeSpan Slot = TimeSpan.FromMinutes(5);

    private const int SlotsPerHour = 12;

    /// <summary>The first moment of the month that holds a moment.</summary>
    public static DateTimeOffset MonthOf(DateTimeOffset moment) => new(moment.UtcDateTime.Year, moment.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The first moment of the slot that holds a moment.</summary>
    public static DateTimeOffset SlotOf(DateTimeOffset moment) => moment - TimeSpan.FromTicks(moment.UtcTicks % Slot.Ticks);

    /// <summary>The month's period, floor(5 %) of its slots free.</summary>
    /// <param name="month">Its first moment.</param>
    public static BillingPeriod PeriodOf(DateTimeOffset month) => BillingPeriod.Of(DateTime.DaysInMonth(month.Year, month.Month), SlotsPerHour);

    /// <summary>The slot of a month that begins at a moment.</summary>
    public static int IndexOf(DateTimeOffset month, DateTimeOffset slotStart) => (int)((slotStart - month).Ticks / Slot.Ticks);
}

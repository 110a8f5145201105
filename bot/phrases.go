package bot

// phrase is the key of a fixed sentence or word of the interface in the files of
// locales: neutral, without a word about an actor. What stands in its places is given
// as data.
type phrase string

const (
	sayWhatThisIs   phrase = "what_this_is"
	sayHowToAsk     phrase = "how_to_ask"
	sayCommands     phrase = "commands"
	sayNothing      phrase = "nothing"
	sayLookedFor    phrase = "looked_for"
	sayTimeAsked    phrase = "time_asked"
	sayNearest      phrase = "nearest"
	sayRepair       phrase = "repair"
	sayOrder        phrase = "order"
	sayOrderNamed   phrase = "order_named"
	sayMore         phrase = "more"
	saySilent       phrase = "silent"
	sayFurther      phrase = "further"
	sayBrief        phrase = "brief"
	sayNoPublisher  phrase = "no_publisher"
	sayNothingShown phrase = "nothing_shown"
	sayShownOnly    phrase = "shown_only"
	sayNoDocument   phrase = "no_document"
	sayNoPassage    phrase = "no_passage"
	sayWithdrawn    phrase = "withdrawn"

	sayStanceOn        phrase = "stance_on"
	sayStatementsFound phrase = "statements_found"
	sayOnly            phrase = "only"
	sayFirst           phrase = "first"
	sayLatest          phrase = "latest"
	sayOwnWords        phrase = "own_words"
	sayWithArticle     phrase = "with_article"
	sayNoStatement     phrase = "no_statement"
	sayNoStatementOn   phrase = "no_statement_on"
	sayNoStatementIn   phrase = "no_statement_in"
	sayNoStatementThen phrase = "no_statement_then"
	sayNoFurther       phrase = "no_further"
	sayMoreBy          phrase = "more_by"
	sayOtherTopics     phrase = "other_topics"
	sayTurning         phrase = "turning"
	sayOneSide         phrase = "one_side"
	sayPublishersOf    phrase = "publishers_of"
	sayClaim           phrase = "claim"
	sayNoClaim         phrase = "no_claim"
	sayNoVerdict       phrase = "no_verdict"
	sayMoreClaims      phrase = "more_claims"
	sayTimelineOf      phrase = "timeline_of"
	sayAllTopics       phrase = "all_topics"
	sayNoMarks         phrase = "no_marks"
	sayNotDrawn        phrase = "not_drawn"
	sayNoActor         phrase = "no_actor"
	sayNoTopic         phrase = "no_topic"
	sayNoDate          phrase = "no_date"
	sayBackwards       phrase = "backwards"
	sayNoPage          phrase = "no_page"

	sayPassageBefore phrase = "passage_before"
	sayPassageItself phrase = "passage_itself"
	sayPassageAfter  phrase = "passage_after"

	sayNoQuestion     phrase = "no_question"
	sayLongQuestion   phrase = "long_question"
	sayNoCommand      phrase = "no_command"
	sayNoPart         phrase = "no_part"
	sayNoTypedChannel phrase = "no_typed_channel"

	sayMissing      phrase = "missing"
	sayLongArgument phrase = "long_argument"
	sayNoNumber     phrase = "no_number"
	sayNoBoolean    phrase = "no_boolean"
	sayNoChoice     phrase = "no_choice"
	sayTooFast      phrase = "too_fast"
	sayInterrupted  phrase = "interrupted"
	sayFailed       phrase = "failed"

	// Settings of a chat.
	saySettings         phrase = "settings"
	saySettingsAlone    phrase = "settings_alone"
	sayManagersOnly     phrase = "managers_only"
	sayNoSettings       phrase = "no_settings"
	sayNoChannel        phrase = "no_channel"
	sayChannelsUnnamed  phrase = "channels_unnamed"
	sayChannelsAllAgain phrase = "channels_all_again"
	sayNotKept          phrase = "not_kept"
	sayNotHere          phrase = "not_here"
	saySettingLanguage  phrase = "setting_language"
	sayLanguageByUser   phrase = "language_by_user"
	saySettingAnswers   phrase = "setting_answers"
	sayAnswersPublic    phrase = "answers_public"
	sayAnswersPrivate   phrase = "answers_private"
	saySettingChannels  phrase = "setting_channels"
	sayChannelsEvery    phrase = "channels_every"

	// Subscriptions to the digest.
	sayDigestManagers phrase = "digest_managers"
	sayManyDigests    phrase = "many_digests"
	sayDigestThere    phrase = "digest_there"
	sayNoDigests      phrase = "no_digests"
	sayNoSuchDigest   phrase = "no_such_digest"
	sayWhichDigest    phrase = "which_digest"
	sayNoDigestNumber phrase = "no_digest_number"
	sayNoTime         phrase = "no_time"
	sayNoZone         phrase = "no_zone"
	sayNoDays         phrase = "no_days"
	sayPreviewGone    phrase = "preview_gone"
	saySentAside      phrase = "sent_aside"
	sayOpenAside      phrase = "open_aside"
	sayDigestKept     phrase = "digest_kept"
	sayDigestEdited   phrase = "digest_edited"
	sayDigestPaused   phrase = "digest_paused"
	sayDigestResumed  phrase = "digest_resumed"
	sayUnsubscribed   phrase = "unsubscribed"
	sayDigestNumber   phrase = "digest_number"
	sayDigestWhere    phrase = "digest_where"
	sayDigestTimes    phrase = "digest_times"
	sayDigestWhen     phrase = "digest_when"
	sayDigestIsPaused phrase = "digest_is_paused"
	sayDigestTopics   phrase = "digest_topics"
	sayDigestActors   phrase = "digest_actors"
	sayDigestAll      phrase = "digest_all"
	sayDigestQuiet    phrase = "digest_quiet_days"
	sayDigestSilent   phrase = "digest_silent"
	sayDigestTells    phrase = "digest_tells"
	sayDigestNext     phrase = "digest_next"
	sayMoment         phrase = "moment"
	sayNoSlots        phrase = "no_slots"
	saySlotParts      phrase = "slot_parts"
	sayReasonProgress phrase = "reason.progress"
	sayDuration       phrase = "duration"
	sayPausedNow      phrase = "paused_now"
	sayNextSlot       phrase = "next_slot"
	sayForgotten      phrase = "forgotten"

	// The digest itself.
	sayDigest          phrase = "digest"
	sayDigestOther     phrase = "digest_other"
	sayDigestEarlier   phrase = "digest_earlier"
	sayDigestPositions phrase = "digest_positions"
	sayDigestTurning   phrase = "digest_turning"
	sayDigestNoWord    phrase = "digest_no_word"
	sayDigestMoreWords phrase = "digest_more_words"
	sayDigestCorrected phrase = "digest_corrected"
	sayDigestWithdrawn phrase = "digest_withdrawn"
	sayCorrectedOn     phrase = "corrected_on"
	sayWithdrawnOn     phrase = "withdrawn_on"
	sayDigestCount     phrase = "digest_count"
	sayDigestUnshown   phrase = "digest_unshown"
	sayDigestUnread    phrase = "digest_unread"
	sayNothingNew      phrase = "nothing_new"
	sayNothingNewOn    phrase = "nothing_new_on"
	sayLastDays        phrase = "last_days"
	sayDayBefore       phrase = "day_before"

	// What a picture of a timeline says.
	sayChartWithin  phrase = "chart.within"
	sayChartNone    phrase = "chart.none"
	sayChartAlt     phrase = "chart.alt"
	sayChartDay     phrase = "chart.day"
	sayChartMonth   phrase = "chart.month"
	sayChartYears   phrase = "chart_years"
	sayChartEntries phrase = "chart_entries"

	// What /doctor finds.
	sayRecordState      phrase = "record_state"
	sayRecordDocuments  phrase = "record_documents"
	sayRecordNewest     phrase = "record_newest"
	sayRecordUnreadable phrase = "record_unreadable"
	sayNeeds            phrase = "needs"
	sayNeedMet          phrase = "need_met"
	sayNeedMissing      phrase = "need_missing"
	sayNotLookedAt      phrase = "not_looked_at"
	sayAllWell          phrase = "all_well"
	sayAskManagers      phrase = "ask_managers"
	saySuspended        phrase = "suspended"
	sayThisChat         phrase = "this_chat"

	// Lines of a citation and of a document's card.
	sayCited         phrase = "cited"
	sayReportedBy    phrase = "reported_by"
	sayCiting        phrase = "citing"
	sayBriefBasedOn  phrase = "brief_based_on"
	sayAlsoIn        phrase = "also_in"
	sayCorrected     phrase = "corrected"
	sayWordsUntil    phrase = "words_until"
	sayCardPublisher phrase = "card_publisher"
	sayCardAuthor    phrase = "card_author"
	sayCardDate      phrase = "card_date"
	sayCardCorrected phrase = "card_corrected"
	sayCardWithdrawn phrase = "card_withdrawn"
	sayCardLink      phrase = "card_link"
	sayCardCiting    phrase = "card_citing"
	sayCardBasedOn   phrase = "card_based_on"
	sayCardLanguage  phrase = "card_language"
	sayCardLicence   phrase = "card_licence"
	sayCardDocument  phrase = "card_document"

	// Lists, dates and sums.
	sayListOr          phrase = "list_or"
	sayListMore        phrase = "list_more"
	sayRecord          phrase = "record"
	sayCoverage        phrase = "coverage"
	sayPeriod          phrase = "period"
	saySince           phrase = "since"
	sayUntil           phrase = "until"
	sayOnDay           phrase = "on_day"
	sayBetween         phrase = "between"
	sayDateDay         phrase = "date_day"
	sayDateMonth       phrase = "date_month"
	sayDateYear        phrase = "date_year"
	sayUndated         phrase = "undated"
	sayCountDocuments  phrase = "count_documents"
	sayCountPublishers phrase = "count_publishers"
	sayCountPassages   phrase = "count_passages"
	sayCountStatements phrase = "count_statements"
	sayCountSentences  phrase = "count_sentences"
	sayCountOthers     phrase = "count_others"

	// Labels of actions.
	sayOlder              phrase = "action.older"
	sayNewer              phrase = "action.newer"
	sayNext               phrase = "action.next"
	sayPrevious           phrase = "action.previous"
	sayMoreTopics         phrase = "action.more_topics"
	sayPreviousTopics     phrase = "action.previous_topics"
	sayMorePublishers     phrase = "action.more_publishers"
	sayPreviousPublishers phrase = "action.previous_publishers"
	sayOthers             phrase = "action.other_actors"
	sayTimeline           phrase = "action.timeline"
	sayWhoElse            phrase = "action.who_else"
	sayNewestFirst        phrase = "action.newest_first"
	saySource             phrase = "action.source"
	saySourceOnly         phrase = "action.source_only"
	sayContext            phrase = "action.context"
	sayShowAside          phrase = "action.show_aside"

	// Descriptions of the commands and their options.
	aboutAsk           phrase = "command.ask"
	aboutStance        phrase = "command.stance"
	aboutCompare       phrase = "command.compare"
	aboutTimeline      phrase = "command.timeline"
	aboutCheck         phrase = "command.check"
	aboutSource        phrase = "command.source"
	aboutContext       phrase = "command.context"
	aboutSources       phrase = "command.sources"
	aboutSettings      phrase = "command.settings"
	aboutSettingsAlone phrase = "command.settings_alone"
	aboutDoctor        phrase = "command.doctor"
	aboutForget        phrase = "command.forgetme"
	aboutHelp          phrase = "command.help"
	aboutActor         phrase = "command.actor"
	aboutQuestion      phrase = "option.question"
	aboutNewest        phrase = "option.newest"
	aboutAfter         phrase = "option.after"
	aboutStanceActor   phrase = "option.stance_actor"
	aboutStanceTopic   phrase = "option.stance_topic"
	aboutCompareTopic  phrase = "option.compare_topic"
	aboutCompareActors phrase = "option.compare_actors"
	aboutTimelineTopic phrase = "option.timeline_topic"
	aboutTimelineActor phrase = "option.timeline_actor"
	aboutText          phrase = "option.text"
	aboutPassage       phrase = "option.passage"
	aboutPage          phrase = "option.page"
	aboutSince         phrase = "option.since"
	aboutUntil         phrase = "option.until"
	aboutLanguage      phrase = "option.language"
	aboutPrivate       phrase = "option.private"
	aboutHere          phrase = "option.here"

	aboutDigest         phrase = "command.digest"
	aboutSubscribe      phrase = "command.digest_subscribe"
	aboutList           phrase = "command.digest_list"
	aboutEdit           phrase = "command.digest_edit"
	aboutPreview        phrase = "command.digest_preview"
	aboutWhy            phrase = "command.digest_why"
	aboutPause          phrase = "command.digest_pause"
	aboutResume         phrase = "command.digest_resume"
	aboutUnsubscribe    phrase = "command.digest_unsubscribe"
	aboutNumber         phrase = "option.number"
	aboutDigestTime     phrase = "option.digest_time"
	aboutDigestZone     phrase = "option.digest_zone"
	aboutDigestDays     phrase = "option.digest_days"
	aboutDigestTopics   phrase = "option.digest_topics"
	aboutDigestActors   phrase = "option.digest_actors"
	aboutDigestLanguage phrase = "option.digest_language"
	aboutDigestQuiet    phrase = "option.digest_quiet"
	aboutDigestChannel  phrase = "option.digest_channel"
)

// Prefixes of phrases whose keys do not come from the code.
const (
	actorNames   = "actor"    // ids of the lexicon
	topicNames   = "topic"    // ids of the lexicon
	stanceWords  = "stance"   // stances of statements
	monthNames   = "month"    // numbers of months
	monthNamesOf = "month_of" // the same, after the number of a day
	monthsShort  = "month_short"
	chartUnits   = "chart_unit" // units of time in which a picture counts
	choiceNames  = "choice"     // values of choices
	weekdayNames = "weekday"    // days of the week
	weekRuns     = "days"       // runs of them
	slotStates   = "slot"       // states of slots
)

// What does not work without something that the bot needs, for Finding.Why.
const (
	WhySee           = "why.see"             // channels cannot be seen
	WhySend          = "why.send"            // messages cannot be sent
	WhySendInThreads = "why.send_in_threads" // messages cannot be sent in threads or topics
	WhyEmbed         = "why.embed"           // messages have no embeds
	WhyAttach        = "why.attach"          // pictures cannot be sent
	WhyHistory       = "why.history"         // earlier messages cannot be seen
	WhyQuestions     = "why.questions"       // plain messages of a group are not delivered
	WhyCommands      = "why.commands"        // the commands are not registered
	WhyInline        = "why.inline"          // inline mode is off
	WhyDelivery      = "why.delivery"        // what is sent to the bot does not arrive
)

// The reasons of slots, with the fields that each needs.
const (
	ReasonPaused          = "reason.paused"
	ReasonQuiet           = "reason.quiet"
	ReasonNotRunning      = "reason.not_running"
	ReasonNotMade         = "reason.not_made"
	ReasonElsewhere       = "reason.elsewhere"        // Text: the platform that it is not on
	ReasonLate            = "reason.late"             // Late, Most
	ReasonOver            = "reason.over"             // Last
	ReasonSuspended       = "reason.suspended"        // Text
	ReasonRefusedMidway   = "reason.refused_midway"   // Text and the counts
	ReasonSuspendedMidway = "reason.suspended_midway" // Text and the counts
	ReasonOverMidway      = "reason.over_midway"      // Last and the counts
	ReasonUnknown         = "reason.unknown"          // the counts
)

// What adapters say themselves, for Phrase.
const (
	PhraseExpired      = "platform.expired"     // to a button that nothing is known of any more
	PhraseNotYours     = "platform.not_yours"   // to a button that another user may press
	PhraseFindInRecord = "platform.find"        // the name of the command on a message, at most 32 characters
	PhraseNotShown     = "platform.not_shown"   // in the place of an answer that could not be sent
	PhraseNoEmbeds     = "platform.no_embeds"   // the same, where a permission is missing
	PhraseAskHere      = "platform.ask_here"    // in the place of results, where there are none
	PhraseConsole      = "platform.console"     // before the first line that is typed on a console
	PhraseLongLine     = "platform.long_line"   // to a line that is too long to be read
	PhraseAbout        = "platform.about"       // what the bot is, at most 512 characters
	PhraseAboutShort   = "platform.about_short" // the same, at most 120 characters
)

// Phrase is one of the phrases that adapters say themselves, in the language nearest to
// a BCP 47 tag.
func Phrase(language, key string) string { return speak(language).say(phrase(key), nil) }

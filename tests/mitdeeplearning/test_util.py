import mitseq.mitdeeplearning as mdl


def test_every_name_of_the_course_is_there():
    assert mdl.util.LossHistory().get() == []
    assert mdl.util.PeriodicPlotter(sec=2).sec == 2
    assert callable(mdl.util.display_model)
